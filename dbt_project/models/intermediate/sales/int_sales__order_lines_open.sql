{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='order_id',
    touched='int_sales__orders_touched',
    on_schema_change='fail',
    indexes=[{'columns': ['order_id', 'line_no'], 'unique': true}]
) }}

with progressed as (
    {{ order_lines_progressed('int_sales__orders_touched') }}
),

orders as (
    select * from {{ ref('stg_sales__orders') }}
    where {{ joins_touched('order_id', 'int_sales__orders_touched') }}
),

promises as (
    select
        order_id,
        line_no,
        promised_on,
        row_number() over (
            partition by order_id, line_no order by made_at desc, event_id desc
        ) as recency_rank
    from {{ ref('stg_sales__promise_events') }}
    where
        made_on <= {{ as_of() }}
        and {{ joins_touched('order_id', 'int_sales__orders_touched') }}
),

-- Rounded one by one, as they are shown: what is shown adds up.
open_lines as (
    select
        progressed.*,
        round(ordered_base_qty, 6) - round(cancelled_base_qty, 6) - round(shipped_base_qty, 6)
            as open_qty
    from progressed
)

select
    open_lines.order_id,
    open_lines.line_no,
    orders.order_number,
    orders.customer_id,
    orders.seller_id,
    orders.ordered_on,
    open_lines.product_id,
    open_lines.warehouse_id,
    open_lines.requested_on,
    promises.promised_on,
    -- What was not promised yet is owed on the day the customer asked for.
    coalesce(promises.promised_on, open_lines.requested_on) as due_on,

    cast(open_lines.open_qty as numeric(18, 6)) as open_qty,
    open_lines.currency_code,
    -- Per base unit, before tax.
    open_lines.unit_net_price * open_lines.base_den / open_lines.base_num as base_net_price
from open_lines
left join orders
    on open_lines.order_id = orders.order_id
left join promises
    on
        open_lines.order_id = promises.order_id
        and open_lines.line_no = promises.line_no
        and promises.recency_rank = 1
where open_lines.open_qty > 0
