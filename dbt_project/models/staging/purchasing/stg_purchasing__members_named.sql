with orders as (
    select distinct
        supplier_id,
        buyer_id as employee_id
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

{{ members_named({'orders': ['supplier', 'employee'], 'places': ['product', 'warehouse']}) }}
