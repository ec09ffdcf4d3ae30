with deprived as (
    select * from {{ ref('int_stock__promises_deprived') }}
),

customers as (
    select * from {{ ref('int_masterdata__customers_with_managers') }}
),

products as (
    select * from {{ ref('stg_reference__products') }}
)

select
    deprived.reservation_id,
    deprived.order_id,
    deprived.line_no as order_line_no,
    deprived.order_number,
    deprived.customer_id,
    {{ name_or_placeholder('customers.customer_name', 'customer', 'deprived.customer_id') }}
        as customer_name,
    customers.manager_id,
    customers.manager_name,
    deprived.seller_id,

    deprived.warehouse_id,
    deprived.product_id,
    products.product_code,
    {{ name_or_placeholder('products.product_name', 'product', 'deprived.product_id') }}
        as product_name,
    products.base_uom,
    deprived.requested_on,
    deprived.promised_on,
    deprived.open_qty,
    deprived.short_qty,
    deprived.deprived_qty,
    {{ company_currency() }} as currency_code,
    deprived.deprived_amount
from deprived
left join customers
    on deprived.customer_id = customers.customer_id
left join products
    on deprived.product_id = products.product_id
