with orders as (
    select distinct
        supplier_id,
        buyer_id
    from {{ source('purchasing', 'pur_order') }}
),

places as (
    select
        product_id,
        warehouse_id
    from {{ source('purchasing', 'pur_order_line') }}

    union distinct

    select
        product_id,
        warehouse_id
    from {{ source('purchasing', 'pur_receipt') }}
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

union distinct

select
    'product' as member_kind,
    product_id as member_id
from places

union distinct

select
    'warehouse' as member_kind,
    warehouse_id as member_id
from places
