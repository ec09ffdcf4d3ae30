with orders as (
    select distinct
        supplier_id,
        buyer_id
    from {{ source('purchasing', 'pur_order') }}
)

select
    'supplier' as member_kind,
    supplier_id as member_id
from orders

union distinct

select
    'employee' as member_kind,
    buyer_id as member_id
from orders
