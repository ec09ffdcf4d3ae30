{{ config(materialized='table') }}

with order_lines as (
    select * from {{ ref('stg_sales__order_lines') }}
),

orders as (
    select * from {{ ref('stg_sales__orders') }}
),

rates as (
    select * from {{ ref('int_masterdata__fx_rates_valid') }}
),

shipped as (
    select
        shipment_lines.order_id,
        shipment_lines.order_line_no,
        sum(shipment_lines.base_qty) as shipped_qty
    from {{ ref('stg_logistics__shipment_lines') }} as shipment_lines
    inner join {{ ref('stg_logistics__shipments') }} as shipments
        on shipment_lines.shipment_id = shipments.shipment_id
    where shipments.issued_on <= {{ as_of() }}
    group by shipment_lines.order_id, shipment_lines.order_line_no
),

waiting as (
    select
        order_lines.*,
        orders.order_number,
        orders.customer_id,
        orders.seller_id,
        orders.ordered_on,
        round(order_lines.base_qty, 6) - round(coalesce(order_lines.cancelled_base_qty, 0), 6)
        - round(coalesce(shipped.shipped_qty, 0), 6) as open_qty
    from order_lines
    inner join orders
        on order_lines.order_id = orders.order_id
    left join shipped
        on
            order_lines.order_id = shipped.order_id
            and order_lines.line_no = shipped.order_line_no
    where
        orders.ordered_on <= {{ as_of() }}
        and order_lines.base_qty > coalesce(order_lines.cancelled_base_qty, 0)
        + coalesce(shipped.shipped_qty, 0)
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
    inner join waiting
        on
            promise_events.order_id = waiting.order_id
            and promise_events.line_no = waiting.line_no
    where promise_events.made_on <= {{ as_of() }}
)

select
    waiting.order_id,
    waiting.line_no,
    waiting.order_number,
    waiting.customer_id,
    waiting.seller_id,
    waiting.ordered_on,
    waiting.product_id,
    waiting.warehouse_id,
    waiting.requested_on,
    promises.promised_on,
    -- What was not promised yet is owed on the day the customer asked for.
    coalesce(promises.promised_on, waiting.requested_on) as due_on,
    cast(waiting.open_qty as numeric(18, 6)) as open_qty,
    -- Company currency per base unit, before tax, at the rate of the order's day.
    waiting.unit_net_price * waiting.base_den / waiting.base_num * rates.company_rate as unit_value
from waiting
left join promises
    on
        waiting.order_id = promises.order_id
        and waiting.line_no = promises.line_no
        and promises.recency_rank = 1
left join rates
    on
        waiting.currency_code = rates.currency_code
        and waiting.ordered_on >= rates.valid_from
        and (waiting.ordered_on < rates.valid_to or rates.valid_to is null)
where waiting.open_qty > 0
