with orders as (
    select distinct
        customer_id,
        employee_id
    from {{ source('sales', 'so_order') }}
),

order_lines as (
    select distinct
        product_id,
        warehouse_id
    from {{ source('sales', 'so_order_line') }}
)

select
    'customer' as member_kind,
    customer_id as member_id
from orders

union distinct

select
    'employee' as member_kind,
    employee_id as member_id
from orders

union distinct

select
    'product' as member_kind,
    product_id as member_id
from order_lines

union distinct

select
    'warehouse' as member_kind,
    warehouse_id as member_id
from order_lines
