with endangered as (
    select * from {{ ref('int_stock__promises_endangered') }}
),

customers as (
    select * from {{ ref('int_masterdata__customers_with_managers') }}
),

products as (
    select * from {{ ref('stg_reference__products') }}
),

-- Largest customer first.
customers_ranked as (
    select
        count_id,
        warehouse_id,
        product_id,
        lot_id,
        customer_id,
        row_number() over (
            partition by count_id, warehouse_id, product_id, lot_id
            order by
                coalesce(sum(endangered_amount), 0) desc,
                sum(endangered_qty) desc,
                customer_id asc
        ) as customer_rank
    from endangered
    group by count_id, warehouse_id, product_id, lot_id, customer_id
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
    cast(customers_ranked.customer_rank as integer) as customer_rank,

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
inner join customers_ranked
    on
        endangered.count_id = customers_ranked.count_id
        and endangered.warehouse_id = customers_ranked.warehouse_id
        and endangered.product_id = customers_ranked.product_id
        and endangered.lot_id = customers_ranked.lot_id
        and coalesce(endangered.customer_id, '') = coalesce(customers_ranked.customer_id, '')
left join customers
    on endangered.customer_id = customers.customer_id
left join products
    on endangered.product_id = products.product_id
