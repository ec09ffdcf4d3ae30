with stocks as (
    select distinct
        product_id,
        warehouse_id
    from {{ source('warehouse', 'wh_stock') }}
)

select
    'product' as member_kind,
    product_id as member_id
from stocks

union distinct

select
    'warehouse' as member_kind,
    warehouse_id as member_id
from stocks
