with expected as (
    select * from {{ ref('int_coordination__batches_expected') }}
),

loads as (
    select * from {{ ref('stg_ops__loads') }}
    where started_at <= {{ run_at() }}
),

accepted as (
    select * from loads
    -- A superseded load had been accepted; it was on time even if a correction came later.
    where load_state in ('accepted', 'superseded') and accepted_at <= {{ run_at() }}
),

-- A later business date's full delivery also brings the day that was missed.
deliveries as (
    select
        expected.feed_id,
        expected.business_on,
        min(case when accepted.business_on = expected.business_on then accepted.accepted_at end)
            as own_accepted_at,
        min(accepted.accepted_at) as any_accepted_at
    from expected
    inner join accepted
        on
            expected.feed_id = accepted.feed_id
            and expected.business_on <= accepted.business_on
    group by expected.feed_id, expected.business_on
),

refusals as (
    select
        feed_id,
        business_on,
        count(*) as refused_count
    from loads
    where load_state = 'refused'
    group by feed_id, business_on
)

select
    expected.feed_id,
    expected.business_on,
    expected.working_day_rank,
    expected.department,
    expected.owner_id,
    expected.deputy_id,
    expected.head_id,

    expected.is_expected,
    expected.expected_at,
    coalesce(deliveries.own_accepted_at, deliveries.any_accepted_at) as delivered_at,
    case
        when not expected.is_expected then 'not_expected'
        when
            coalesce(deliveries.own_accepted_at, deliveries.any_accepted_at) > expected.expected_at
            then 'late'
        when coalesce(deliveries.own_accepted_at, deliveries.any_accepted_at) is not null
            then 'on_time'
        when refusals.refused_count > 0 then 'rejected'
        when {{ run_at() }} > expected.expected_at then 'missing'
        else 'due'
    end as delivery_status
from expected
left join deliveries
    on
        expected.feed_id = deliveries.feed_id
        and expected.business_on = deliveries.business_on
left join refusals
    on
        expected.feed_id = refusals.feed_id
        and expected.business_on = refusals.business_on
