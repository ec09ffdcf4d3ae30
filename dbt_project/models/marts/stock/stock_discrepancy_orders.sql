with endangered as (
    select * from {{ ref('int_stock__promises_endangered') }}
),

customers_endangered as (
    select * from {{ ref('int_stock__customers_endangered') }}
),

customers as (
    select * from {{ ref('int_masterdata__customers_with_managers') }}
),

products as (
    select * from {{ ref('stg_reference__products') }}
)

select
    endangered.count_id,
    endangered.warehouse_id,
    endangered.product_id,
    endangered.lot_id,
    endangered.order_id,
    endangered.line_no as order_line_no,
    endangered.order_number,
    endangered.customer_id,
    {{ name_or_placeholder('customers.customer_name', 'customer', 'endangered.customer_id') }}
        as customer_name,
    customers.manager_id,
    customers.manager_name,
    endangered.seller_id,
    customers_endangered.customer_rank,

    products.product_code,
    {{ name_or_placeholder('products.product_name', 'product', 'endangered.product_id') }}
        as product_name,
    products.base_uom,
    endangered.requested_on,
    endangered.promised_on,
    endangered.open_qty,
    endangered.endangered_qty,
    {{ company_currency() }} as currency_code,
    endangered.endangered_amount
from endangered
inner join customers_endangered
    on
        endangered.count_id = customers_endangered.count_id
        and endangered.warehouse_id = customers_endangered.warehouse_id
        and endangered.product_id = customers_endangered.product_id
        and endangered.lot_id = customers_endangered.lot_id
        and coalesce(endangered.customer_id, '') = coalesce(customers_endangered.customer_id, '')
left join customers
    on endangered.customer_id = customers.customer_id
left join products
    on endangered.product_id = products.product_id
