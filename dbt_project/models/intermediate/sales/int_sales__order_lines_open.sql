{{ config(materialized='table') }}

with open_lines as (
    select * from {{ ref('int_sales__order_lines_progressed') }}
    where open_qty > 0
),

orders as (
    select * from {{ ref('stg_sales__orders') }}
),

promises as (
    select
        promise_events.order_id,
        promise_events.line_no,
        promise_events.promised_on,
        row_number() over (
            partition by promise_events.order_id, promise_events.line_no
            order by promise_events.made_at desc, promise_events.event_id desc
        ) as recency_rank
    from {{ ref('stg_sales__promise_events') }} as promise_events
    inner join open_lines
        on
            promise_events.order_id = open_lines.order_id
            and promise_events.line_no = open_lines.line_no
    where promise_events.made_on <= {{ as_of() }}
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
