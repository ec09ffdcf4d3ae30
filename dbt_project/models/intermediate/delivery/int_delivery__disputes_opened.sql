-- Departments of several zones share a case; it is dated in UTC.
with cases as (
    select * from {{ ref('stg_coordination__cases') }}
    where
        case_kind in ('return', 'picking_error', 'replacement', 'papers_missing')
        and order_id is not null
        and {{ business_date('opened_at', "'UTC'") }} <= {{ as_of() }}
),

case_legs as (
    select * from {{ ref('stg_coordination__case_legs') }}
),

case_events as (
    select * from {{ ref('stg_coordination__case_events') }}
    where {{ business_date('event_at', "'UTC'") }} <= {{ as_of() }}
),

-- A leg is closed by its last word; an event without a leg speaks for every leg.
legs as (
    select
        case_legs.case_id,
        case_legs.leg_no,
        max(
            case
                when case_events.event_kind in ('done', 'cancelled') then case_events.event_at
            end
        ) as closed_at,
        max(case when case_events.event_kind = 'reopened' then case_events.event_at end)
            as reopened_at
    from case_legs
    left join case_events
        on
            case_legs.case_id = case_events.case_id
            and coalesce(case_events.leg_no, case_legs.leg_no) = case_legs.leg_no
    group by case_legs.case_id, case_legs.leg_no
),

cases_closed as (
    select
        case_id,
        min(
            case
                when closed_at is null or closed_at <= reopened_at then 0
                else 1
            end
        ) = 1 as is_settled
    from legs
    group by case_id
),

latest as (
    select
        cases.case_id,
        cases.order_id,
        cases.order_line_no,
        coalesce(cases_closed.is_settled, false) as is_settled,
        row_number() over (
            partition by cases.order_id, cases.order_line_no
            order by cases.opened_at desc, cases.case_id desc
        ) as case_rank
    from cases
    left join cases_closed
        on cases.case_id = cases_closed.case_id
)

select
    order_id,
    order_line_no,
    case_id,
    is_settled
from latest
where case_rank = 1
