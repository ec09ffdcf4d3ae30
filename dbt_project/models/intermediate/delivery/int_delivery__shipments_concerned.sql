{{ config(materialized='table') }}

{%- set window_months = delivery_setting('otif_window_months') -%}
{%- set wait_days = delivery_setting('proof_wait_days') -%}

-- Every import is used once and asks for its keys itself, so that an index finds them.
with shipments_changed as (
    select * from {{ ref('stg_logistics__shipments_changed') }}
),

warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
),

picks_with_errors as (
    select shipment_id
    from {{ ref('stg_warehouse__pick_lines') }}
    where
        {{ among(
            'pick_line_id',
            'select pick_line_id from ' ~ ref('stg_warehouse__pick_errors_changed')
        ) }}
),

-- What was said for later than readers see takes effect as time goes by.
events_since as (
    select shipment_id
    from {{ ref('stg_logistics__delivery_events') }}
    where
        event_at >= {{ add_days(shown_until(), -1) }}
        and event_on > {{ shown_until() }}
),

picks_since as (
    select shipment_id
    from {{ ref('stg_warehouse__pick_lines') }}
    where picked_at >= {{ shown_until() }}
),

errors_since as (
    select pick_lines.shipment_id
    from {{ ref('stg_warehouse__pick_errors') }} as pick_errors
    inner join {{ ref('stg_warehouse__pick_lines') }} as pick_lines
        on pick_errors.pick_line_id = pick_lines.pick_line_id
    where pick_errors.found_at >= {{ shown_until() }}
),

issued_since as (
    select shipment_id
    from {{ ref('stg_logistics__shipments') }}
    where
        issued_at >= {{ add_days(shown_until(), -1) }}
        and (
            issued_on > {{ shown_until() }}
            or (issued_on = {{ shown_until() }} and planned_delivery_on is null)
        )
),

-- On the way until its window was over; now nobody knows.
windows_ended as (
    select shipment_id
    from {{ ref('stg_logistics__shipments') }}
    where
        (
            planned_delivery_to_at >= {{ add_days(shown_until(), -1) }}
            or planned_delivery_from_at >= {{ add_days(shown_until(), -1) }}
        )
        and planned_delivery_on >= {{ shown_until() }}
        and planned_delivery_on < {{ as_of() }}
),

-- Past this age a proof comes too late to count.
proofs_overdue as (
    select shipment_id
    from {{ ref('stg_logistics__shipments') }}
    where
        {{ is_issued_in(
            add_days(shown_until(), '-' ~ wait_days), add_days(as_of(), '-' ~ wait_days)
        ) }}
),

waiting as (
    select shipment_id from windows_ended

    union distinct

    select shipment_id from proofs_overdue
),

-- Handed over as a whole, and proved where that is wanted: time changes nothing any more.
settled as (
    select events.shipment_id
    from {{ ref('stg_logistics__delivery_events') }} as events
    inner join {{ ref('stg_logistics__shipments') }} as shipments
        on events.shipment_id = shipments.shipment_id
    where
        {{ among('events.shipment_id', 'select shipment_id from waiting') }}
        and events.event_on <= {{ shown_until() }}
        and events.line_no is null
        and (
            events.event_kind = 'pod_confirmed'
            or (
                events.event_kind = 'delivered'
                and (
                    not shipments.is_pod_required
                    or events.proof_ref is not null
                    or events.event_source = 'customer'
                )
            )
        )
),

still_waiting as (
    select waiting.shipment_id
    from waiting
    left join settled
        on waiting.shipment_id = settled.shipment_id
    where settled.shipment_id is null
),

left_window as (
    select shipment_id
    from {{ ref('stg_logistics__shipments') }}
    where
        {{ is_issued_in(
            first_of_month(shown_until(), '-' ~ window_months),
            first_of_month(as_of(), '-' ~ window_months)
        ) }}
),

-- A changed day of a site moves the next working day of the days off before it, and of the
-- working day before them.
site_days_touched as (
    select distinct
        site_days.site_id,
        site_days.calendar_on
    from {{ ref('stg_registry__business_calendars_changed') }} as days_changed
    inner join {{ ref('int_delivery__site_days') }} as site_days
        on
            days_changed.site_id = site_days.site_id
            and days_changed.calendar_on >= site_days.calendar_on
            and (
                site_days.next_working_on is null
                or days_changed.calendar_on <= site_days.next_working_on
            )
),

issued_on_days_touched as (
    select shipments.shipment_id
    from site_days_touched
    inner join warehouses
        on site_days_touched.site_id = warehouses.site_id
    inner join {{ ref('stg_logistics__shipments') }} as shipments
        on
            warehouses.warehouse_id = shipments.warehouse_id
            and site_days_touched.calendar_on = shipments.issued_on
            and shipments.issued_at >= {{ add_days('site_days_touched.calendar_on', -1) }}
            and shipments.issued_at < {{ add_days('site_days_touched.calendar_on', 2) }}
),

shipments_of_customers as (
    select shipment_id
    from {{ ref('stg_logistics__shipments') }}
    where {{ among('customer_id', 'select * from ' ~ ref('int_masterdata__customers_touched')) }}
),

shipments_of_warehouses as (
    select shipment_id
    from {{ ref('stg_logistics__shipments') }}
    where {{ among_if_any(
        'warehouse_id', 'select * from ' ~ ref('int_masterdata__warehouses_touched')
    ) }}
),

lines_of_products as (
    select shipment_id
    from {{ ref('stg_logistics__shipment_lines') }}
    where {{ among('product_id', 'select * from ' ~ ref('int_masterdata__products_touched')) }}
),

concerned as (
    select shipment_id from shipments_changed

    union distinct

    select cancelled_shipment_id from shipments_changed

    union distinct

    select shipment_id from {{ ref('stg_logistics__shipment_lines_changed') }}

    union distinct

    select shipment_id from {{ ref('stg_logistics__delivery_events_changed') }}

    union distinct

    select shipment_id from {{ ref('stg_warehouse__pick_lines_changed') }}
    {% for step in [
        'picks_with_errors', 'events_since', 'picks_since', 'errors_since', 'issued_since',
        'still_waiting', 'left_window', 'issued_on_days_touched', 'shipments_of_customers',
        'shipments_of_warehouses', 'lines_of_products',
    ] %}
        union distinct

        select shipment_id from {{ step }}
    {% endfor %}
),

with_take_backs as (
    {{ with_take_backs('concerned') }}
)

select shipment_id
from with_take_backs
-- A whole build asks for no list.
where shipment_id is not null and not {{ is_whole_build() }}
