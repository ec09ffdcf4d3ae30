{{ config(unique_key='event_id') }}

select
    promise_events.event_id,
    promise_events.order_id,
    promise_events.line_no,
    promise_events.promised_date as promised_on,
    promise_events.promised_at as made_at,
    {{ business_date('promise_events.promised_at', zone_of('order_lines')) }} as made_on,
    promise_events.initiator,
    promise_events.reason,

    promise_events.source_system,
    promise_events.source_id
from {{ source('sales', 'so_promise_event') }} as promise_events
left join {{ ref('stg_sales__order_lines') }} as order_lines
    on
        promise_events.order_id = order_lines.order_id
        and promise_events.line_no = order_lines.line_no
