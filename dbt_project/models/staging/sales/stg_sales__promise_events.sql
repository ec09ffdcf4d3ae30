with promise_events as (
    select * from {{ source('sales', 'so_promise_event') }}
),

order_lines as (
    select * from {{ ref('stg_sales__order_lines') }}
)

select
    promise_events.event_id,
    promise_events.order_id,
    promise_events.line_no,
    promise_events.promised_date as promised_on,
    promise_events.promised_at as made_at,
    {{ business_date('promise_events.promised_at', "coalesce(order_lines.warehouse_tz, 'UTC')") }}
        as made_on,
    promise_events.initiator,
    promise_events.reason,

    promise_events.source_system,
    promise_events.source_id
from promise_events
left join order_lines
    on
        promise_events.order_id = order_lines.order_id
        and promise_events.line_no = order_lines.line_no
