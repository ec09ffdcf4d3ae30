{{ config(unique_key='event_id') }}

select
    eta_events.event_id,
    eta_events.po_id,
    eta_events.line_no,
    eta_events.old_date as old_expected_on,
    eta_events.new_date as new_expected_on,
    eta_events.changed_at,
    {{ business_date('eta_events.changed_at', zone_of('order_lines')) }} as changed_on,
    eta_events.by_id as changed_by_id,
    eta_events.reason as change_reason,

    eta_events.source_system,
    eta_events.source_id
from {{ source('purchasing', 'pur_eta_event') }} as eta_events
left join {{ ref('stg_purchasing__order_lines') }} as order_lines
    on
        eta_events.po_id = order_lines.po_id
        and eta_events.line_no = order_lines.line_no
