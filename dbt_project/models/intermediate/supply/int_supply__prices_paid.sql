{{ config(
    materialized='table',
    indexes=[{'columns': ['product_id', 'valid_from'], 'unique': true}]
) }}

with order_lines as (
    select * from {{ ref('stg_purchasing__order_lines') }}
    where unit_price > 0 and base_qty > 0
),

orders as (
    select * from {{ ref('stg_purchasing__orders') }}
    where ordered_on <= {{ as_of() }}
),

rates as (
    select * from {{ ref('int_masterdata__fx_rates_valid') }}
),

priced as (
    select
        order_lines.product_id,
        orders.ordered_on,
        order_lines.unit_price * order_lines.source_qty / order_lines.base_qty
        * rates.company_rate as unit_value,
        row_number() over (
            partition by order_lines.product_id, orders.ordered_on
            order by order_lines.po_id desc, order_lines.line_no desc
        ) as recency_rank
    from order_lines
    inner join orders
        on order_lines.po_id = orders.po_id
    inner join rates
        on
            orders.currency_code = rates.currency_code
            and orders.ordered_on >= rates.valid_from
            and (orders.ordered_on < rates.valid_to or rates.valid_to is null)
)

select
    product_id,
    ordered_on as valid_from,
    lead(ordered_on) over (partition by product_id order by ordered_on) as valid_to,
    unit_value
from priced
where recency_rank = 1
