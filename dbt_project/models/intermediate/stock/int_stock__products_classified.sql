{{ config(
    materialized='table',
    indexes=[{'columns': ['product_id'], 'unique': true}]
) }}

with products as (
    select * from {{ ref('stg_reference__products') }}
),

orders as (
    select * from {{ ref('stg_sales__orders') }}
    where
        ordered_on > {{ add_days(as_of(), -365) }}
        and ordered_on <= {{ as_of() }}
),

rates as (
    select * from {{ ref('int_masterdata__fx_rates_valid') }}
),

classes as (
    select * from {{ ref('abc_class') }}
),

-- Sales of the last twelve months; read only where the reference list leaves a class out.
sales as (
    select
        order_lines.product_id,
        sum(
            (
                order_lines.source_qty
                - order_lines.cancelled_base_qty * order_lines.base_den / order_lines.base_num
            )
            * order_lines.unit_net_price * rates.company_rate
        ) as sales_amount
    from {{ ref('stg_sales__order_lines') }} as order_lines
    inner join orders
        on order_lines.order_id = orders.order_id
    inner join rates
        on
            orders.currency_code = rates.currency_code
            and orders.ordered_on >= rates.valid_from
            and (orders.ordered_on < rates.valid_to or rates.valid_to is null)
    where
        exists (
            select 1
            from products
            where products.abc_class is null
        )
    group by order_lines.product_id
),

ranked as (
    select
        products.product_id,
        products.abc_class as given_class,
        coalesce(sales.sales_amount, 0) as sales_amount,
        sum(coalesce(sales.sales_amount, 0)) over (
            order by coalesce(sales.sales_amount, 0) desc, products.product_id
            rows between unbounded preceding and current row
        ) - coalesce(sales.sales_amount, 0) as larger_amount,
        sum(coalesce(sales.sales_amount, 0)) over () as total_amount
    from products
    left join sales
        on products.product_id = sales.product_id
),

-- A product belongs to the first class whose share the larger products have not used up.
computed as (
    select
        ranked.product_id,
        min(classes.abc_class) as abc_class
    from ranked
    inner join classes
        on
            ranked.sales_amount > 0
            and ranked.larger_amount < classes.value_share_to * ranked.total_amount
    where ranked.given_class is null
    group by ranked.product_id
)

select
    ranked.product_id,
    coalesce(ranked.given_class, computed.abc_class, 'C') as abc_class,
    ranked.given_class is not null as is_class_given
from ranked
left join computed
    on ranked.product_id = computed.product_id
