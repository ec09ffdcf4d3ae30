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

{{ members_named({'orders': ['customer', 'employee'], 'order_lines': ['product', 'warehouse']}) }}
