{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='shipment_id',
    touched='int_delivery__shipments_touched',
    on_schema_change='fail',
    indexes=[{'columns': ['shipment_id', 'line_no'], 'unique': true}, {'columns': ['order_id']}]
) }}

with shipment_lines as (
    select * from {{ ref('stg_logistics__shipment_lines') }}
    where {{ joins_touched('shipment_id', 'int_delivery__shipments_touched') }}
),

-- What left on days off after the evening is on the next morning's list.
shipments as (
    select * from {{ ref('stg_logistics__shipments') }}
    where
        issued_on < {{ next_morning() }}
        and {{ joins_touched('shipment_id', 'int_delivery__shipments_touched') }}
),

events as (
    select
        *,
        -- Of a whole shipment a quantity tells nothing about its lines.
        case
            when line_no is not null and event_kind in ('delivered', 'pod_confirmed')
                then source_qty
        end as handed_over_source_qty
    from {{ ref('stg_logistics__delivery_events') }}
    where
        event_on <= {{ as_of() }}
        and {{ joins_touched('shipment_id', 'int_delivery__shipments_touched') }}
),

taken as (
    select * from {{ ref('int_delivery__lines_taken_back') }}
),

-- An event without a line number speaks for every line of its shipment.
line_events as (
    select
        shipment_lines.shipment_id,
        shipment_lines.line_no,
        events.event_id,
        events.event_at,
        events.event_source,
        events.event_source = 'customer' as is_by_customer,
        events.reason,
        events.event_kind = 'delivered' as is_delivered,
        events.event_kind = 'pod_confirmed'
        or (
            events.event_kind = 'delivered'
            and (events.proof_ref is not null or events.event_source = 'customer')
        ) as is_proof,
        events.event_kind = 'refused'
        and coalesce(events.source_qty >= abs(shipment_lines.source_qty), true) as is_refused,
        events.event_kind = 'difference'
        or coalesce(
            events.source_difference_qty,
            events.handed_over_source_qty - shipment_lines.source_qty,
            0
        ) <> 0
        or (
            events.event_kind = 'refused'
            and coalesce(events.source_qty < abs(shipment_lines.source_qty), false)
        ) as is_difference,
        -- Where nobody said by how much, nothing counts as delivered until somebody does.
        case
            when events.event_kind = 'refused' then -events.source_qty
            when events.event_kind = 'difference'
                then
                    coalesce(
                        events.source_difference_qty,
                        events.source_qty - shipment_lines.source_qty,
                        -shipment_lines.source_qty
                    )
            else
                coalesce(
                    events.source_difference_qty,
                    events.handed_over_source_qty - shipment_lines.source_qty
                )
        end as difference_source_qty
    from shipment_lines
    inner join events
        on
            shipment_lines.shipment_id = events.shipment_id
            and coalesce(events.line_no, shipment_lines.line_no) = shipment_lines.line_no
),

-- The last word of each side stands; ours is what our carrier or driver says.
differences as (
    select
        line_events.*,
        max(case when is_difference then 1 else 0 end) over (
            partition by shipment_id, line_no, is_by_customer
        ) = 1 as is_side_differing,
        row_number() over (
            partition by shipment_id, line_no, is_by_customer
            order by event_at desc, event_id desc
        ) as word_no
    from line_events
    -- All of it handed over in the end takes a difference back.
    where is_difference or difference_source_qty = 0
),

differences_told as (
    select
        shipment_id,
        line_no,
        min(case when not is_by_customer then difference_source_qty end) as our_difference_qty,
        min(case when is_by_customer then difference_source_qty end) as customer_difference_qty,
        min(case when not is_by_customer then reason end) as our_reason,
        min(case when is_by_customer then reason end) as customer_reason
    from differences
    where word_no = 1 and is_side_differing
    group by shipment_id, line_no
),

line_outcomes as (
    select
        shipment_id,
        line_no,
        max(case when is_delivered then event_at end) as delivered_at,
        max(case when is_delivered and event_source = 'carrier' then event_at end)
            as carrier_delivered_at,
        max(case when is_proof then event_at end) as proof_at,
        max(case when is_refused then event_at end) as refused_at,
        max(case when is_difference then 1 else 0 end) = 1 as has_difference,
        max(case when is_proof and event_source = 'assumed' then 1 else 0 end) = 1
        and max(case when is_proof and event_source <> 'assumed' then 1 else 0 end) = 0
            as is_assumed
    from line_events
    group by shipment_id, line_no
),

gathered as (
    select
        shipment_lines.shipment_id,
        shipment_lines.line_no,
        shipment_lines.order_id,
        shipment_lines.order_line_no,
        shipments.issued_on,
        shipments.is_pod_required,
        shipments.planned_delivery_on,
        shipments.warehouse_tz,
        shipment_lines.base_qty,
        nullif(shipment_lines.source_qty, 0) as source_qty,
        differences_told.our_difference_qty,
        differences_told.customer_difference_qty,
        coalesce(differences_told.customer_reason, differences_told.our_reason)
            as difference_reason,
        shipments.cancelled_shipment_id is not null as is_cancellation,
        taken.last_taken_on,
        coalesce(taken.taken_back_qty, 0) as taken_back_qty,
        shipment_lines.base_qty - coalesce(taken.taken_back_qty, 0) as left_base_qty,
        line_outcomes.delivered_at,
        line_outcomes.carrier_delivered_at,
        line_outcomes.proof_at,
        line_outcomes.refused_at,
        coalesce(line_outcomes.has_difference, false) as has_difference,
        coalesce(line_outcomes.is_assumed, false) as is_assumed,
        -- A refusal stands until a later delivery.
        coalesce(
            line_outcomes.refused_at >= greatest(
                coalesce(line_outcomes.delivered_at, line_outcomes.refused_at),
                coalesce(line_outcomes.proof_at, line_outcomes.refused_at)
            ),
            false
        ) as is_refused,
        -- Where a proof is required, a carrier's or driver's bare word is not enough.
        case
            when shipments.is_pod_required then line_outcomes.proof_at is not null
            else coalesce(line_outcomes.delivered_at, line_outcomes.proof_at) is not null
        end as is_confirmed,
        -- The proof may come back days later: the day of delivery decides, not the day of paper.
        coalesce(line_outcomes.delivered_at, line_outcomes.proof_at) as confirmed_delivery_at
    from shipment_lines
    inner join shipments
        on shipment_lines.shipment_id = shipments.shipment_id
    left join taken
        on
            shipment_lines.shipment_id = taken.shipment_id
            and shipment_lines.line_no = taken.line_no
    left join line_outcomes
        on
            shipment_lines.shipment_id = line_outcomes.shipment_id
            and shipment_lines.line_no = line_outcomes.line_no
    left join differences_told
        on
            shipment_lines.shipment_id = differences_told.shipment_id
            and shipment_lines.line_no = differences_told.line_no
),

dated as (
    select
        gathered.*,
        {{ business_date('confirmed_delivery_at', 'warehouse_tz') }} as confirmed_delivery_on,
        {{ business_date('carrier_delivered_at', 'warehouse_tz') }} as carrier_delivered_on,
        {{ business_date('proof_at', 'warehouse_tz') }} as proof_on,
        {{ business_date('refused_at', 'warehouse_tz') }} as refused_on,
        -- Sums are rounded before they are compared: three thirds of a unit are the unit.
        case
            when not is_cancellation and cast(left_base_qty as numeric(18, 6)) <= 0
                then last_taken_on
        end as cancelled_on,
        base_qty + coalesce(our_difference_qty * base_qty / source_qty, 0) as told_base_qty,
        base_qty + customer_difference_qty * base_qty / source_qty as customer_base_qty
    from gathered
),

-- What was taken back may be the very difference that was told: the smaller figure counts.
netted as (
    select
        dated.*,
        case
            when taken_back_qty = 0 then told_base_qty
            else least(told_base_qty, left_base_qty)
        end as our_base_qty
    from dated
)

select
    shipment_id,
    line_no,
    order_id,
    order_line_no,
    issued_on,
    is_cancellation,
    cancelled_on,
    not is_cancellation and cancelled_on is null and issued_on <= {{ as_of() }} as is_standing,
    is_pod_required,
    is_confirmed,
    is_refused,
    case when is_confirmed and not is_refused then confirmed_delivery_at end as delivered_at,
    case when is_confirmed and not is_refused then confirmed_delivery_on end as delivered_on,
    -- Somebody said so, whether or not it is proved.
    case when not is_refused then confirmed_delivery_on end as reported_on,
    case when is_refused then refused_on end as refused_on,
    carrier_delivered_at,
    carrier_delivered_on,
    proof_at,
    proof_on,
    is_assumed,
    -- Less what was taken back; of a cancellation, what it takes back beyond its shipment.
    cast(left_base_qty as numeric(28, 12)) as shipped_base_qty,
    -- Until the two sides agree the smaller figure counts, so that nothing is claimed twice.
    cast(
        greatest(least(our_base_qty, coalesce(customer_base_qty, our_base_qty)), 0)
        as numeric(28, 12)
    ) as accepted_base_qty,
    cast(our_base_qty as numeric(28, 12)) as our_base_qty,
    cast(customer_base_qty as numeric(28, 12)) as customer_base_qty,
    has_difference,
    difference_reason,
    case
        when is_refused then 'refused'
        when has_difference then 'difference_reported'
        when not is_pod_required then 'not_required'
        when is_assumed then 'assumed'
        when is_confirmed then 'confirmed'
        else 'awaited'
    end as pod_state,
    case
        when is_cancellation then 'cancellation'
        when cancelled_on is not null then 'cancelled'
        when is_refused then 'refused'
        when has_difference then 'difference'
        when is_confirmed and planned_delivery_on is null then 'delivered_no_window'
        when is_confirmed and confirmed_delivery_on <= planned_delivery_on
            then 'delivered_on_time'
        when is_confirmed then 'delivered_late'
        when not is_pod_required then 'not_required'
        -- Without a promised window a shipment is due the day it leaves.
        when coalesce(planned_delivery_on, issued_on) < {{ as_of() }} then 'unconfirmed'
        else 'in_transit'
    end as delivery_state,
    -- Empty where there is no day to judge by, or it is not over.
    case
        when is_cancellation or cancelled_on is not null or planned_delivery_on is null then null
        when is_refused then 'refused'
        when is_confirmed and confirmed_delivery_on <= planned_delivery_on then 'on_time'
        when is_confirmed then 'late'
        when planned_delivery_on < {{ as_of() }} then 'unconfirmed'
    end as punctuality
from netted
