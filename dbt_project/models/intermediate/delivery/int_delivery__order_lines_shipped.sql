{{ config(unique_key='order_id', touched='int_delivery__orders_touched') }}

with outcomes as (
    select * from {{ ref('int_delivery__outcomes_reported') }}
    -- What was taken back beyond the shipment it names lessens its order line all the same.
    where is_standing or (is_cancellation and issued_on <= {{ as_of() }} and shipped_base_qty <> 0)
),

proof_wait as (
    select number as wait_days from {{ ref('delivery_setting') }}
    where setting = 'proof_wait_days'
),

joined as (
    select
        outcomes.*,
        {{ days_between('outcomes.issued_on', 'outcomes.proof_on') }} as proof_days,
        {{ days_between('outcomes.issued_on', as_of()) }} as known_days,
        proof_wait.wait_days as proof_wait_days
    from outcomes
    cross join proof_wait
),

confirmed as (
    select
        joined.*,
        -- A proof that comes after everybody reported the month changes nothing any more.
        delivered_on is not null
        and (not is_pod_required or proof_days <= proof_wait_days) as is_counted
    from joined
)

select
    order_id,
    order_line_no,
    shipment_id,
    line_no,
    issued_on,
    shipped_base_qty,
    cast(case when is_counted then accepted_base_qty else 0 end as numeric(28, 12))
        as delivered_base_qty,
    case when is_counted then delivered_on end as delivered_on,
    cast(case when reported_on is not null then accepted_base_qty else 0 end as numeric(28, 12))
        as reported_base_qty,
    reported_on,
    cast(case when is_refused then shipped_base_qty else 0 end as numeric(28, 12))
        as refused_base_qty,
    refused_on,
    not is_refused and not is_counted and known_days <= proof_wait_days as is_proof_awaited,
    carrier_delivered_at,
    proof_at,
    pod_state,
    has_difference,
    our_base_qty,
    customer_base_qty,
    difference_reason
from confirmed
where order_id is not null and order_line_no is not null
