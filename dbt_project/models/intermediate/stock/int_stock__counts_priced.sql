{{ config(
    materialized='table',
    indexes=[{'columns': ['count_id', 'warehouse_id', 'product_id', 'lot_id'], 'unique': true}]
) }}

with counts as (
    select
        count_id,
        warehouse_id,
        product_id,
        lot_id,
        counted_on
    from {{ ref('stg_warehouse__counts') }}
),

prices_paid as (
    select * from {{ ref('int_supply__prices_paid') }}
),

orders as (
    select * from {{ ref('stg_sales__orders') }}
),

rates as (
    select * from {{ ref('int_masterdata__fx_rates_valid') }}
),

paid as (
    select
        counts.*,
        prices_paid.unit_value as paid_unit_value
    from counts
    left join prices_paid
        on
            counts.product_id = prices_paid.product_id
            and counts.counted_on >= prices_paid.valid_from
            and (counts.counted_on < prices_paid.valid_to or prices_paid.valid_to is null)
),

never_bought as (
    select distinct product_id
    from paid
    where paid_unit_value is null
),

sold as (
    select
        order_lines.product_id,
        orders.ordered_on,
        order_lines.unit_net_price * order_lines.base_den / order_lines.base_num
        * rates.company_rate as unit_value,
        row_number() over (
            partition by order_lines.product_id, orders.ordered_on
            order by order_lines.order_id desc, order_lines.line_no desc
        ) as recency_rank
    from {{ ref('stg_sales__order_lines') }} as order_lines
    inner join never_bought
        on order_lines.product_id = never_bought.product_id
    inner join orders
        on order_lines.order_id = orders.order_id
    inner join rates
        on
            orders.currency_code = rates.currency_code
            and orders.ordered_on >= rates.valid_from
            and (orders.ordered_on < rates.valid_to or rates.valid_to is null)
    where order_lines.unit_net_price > 0 and order_lines.base_num is not null
),

prices_sold as (
    select
        product_id,
        ordered_on as valid_from,
        lead(ordered_on) over (partition by product_id order by ordered_on) as valid_to,
        unit_value
    from sold
    where recency_rank = 1
)

select
    paid.count_id,
    paid.warehouse_id,
    paid.product_id,
    paid.lot_id,
    coalesce(paid.paid_unit_value, prices_sold.unit_value) as unit_value,
    case
        when paid.paid_unit_value is not null then 'last_purchase_price'
        when prices_sold.unit_value is not null then 'last_sales_price'
        else 'no_price'
    end as value_basis
from paid
left join prices_sold
    on
        paid.paid_unit_value is null
        and paid.product_id = prices_sold.product_id
        and paid.counted_on >= prices_sold.valid_from
        and (paid.counted_on < prices_sold.valid_to or prices_sold.valid_to is null)
