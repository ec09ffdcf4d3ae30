{{ config(materialized='table') }}

with cases as (
    select * from {{ ref('stg_coordination__cases') }}
    where order_id is not null
),

legs as (
    select * from {{ ref('stg_coordination__case_legs') }}
),

-- Departments of several zones share a case; its events are dated in UTC.
events as (
    select * from {{ ref('stg_coordination__case_events') }}
    where {{ business_date('event_at', "'UTC'") }} <= {{ as_of() }}
),

employees as (
    select * from {{ ref('stg_reference__employees') }}
    where
        is_active
        and {{ as_of() }} >= valid_from
        and ({{ as_of() }} < valid_to or valid_to is null)
),

-- An event without a leg is one of all its legs.
leg_events as (
    select
        cases.case_id,
        legs.leg_no,
        legs.department_id,
        legs.owner_id,
        events.event_kind,
        row_number() over (
            partition by cases.case_id, legs.leg_no
            order by events.event_at desc, events.event_id desc
        ) as recency_rank
    from cases
    inner join legs
        on cases.case_id = legs.case_id
    inner join events
        on
            legs.case_id = events.case_id
            and (legs.leg_no = events.leg_no or events.leg_no is null)
    where events.event_kind in ('opened', 'acknowledged', 'done', 'reopened', 'cancelled')
),

open_legs as (
    select
        leg_events.case_id,
        leg_events.leg_no,
        leg_events.department_id,
        owners.employee_id as owner_id,
        owners.employee_name as owner_name,
        heads.employee_id as head_id,
        heads.employee_name as head_name,
        -- Whom nobody has heard of yet is asked first.
        row_number() over (
            partition by leg_events.case_id
            order by
                case when leg_events.event_kind = 'acknowledged' then 1 else 0 end,
                leg_events.leg_no
        ) as ask_rank
    from leg_events
    left join employees as owners
        on leg_events.owner_id = owners.employee_id
    left join employees as heads
        on owners.head_id = heads.employee_id
    where
        leg_events.recency_rank = 1
        and leg_events.event_kind not in ('done', 'cancelled')
),

open_cases as (
    select
        case_id,
        {{ listed('department_id', 'leg_no') }} as open_departments,
        max(case when ask_rank = 1 then coalesce(owner_id, head_id) end) as ask_id,
        max(case when ask_rank = 1 then coalesce(owner_name, head_name) end) as ask_name,
        max(case when ask_rank = 1 and owner_id is not null then head_id end) as ask_deputy_id,
        max(case when ask_rank = 1 and owner_id is not null then head_name end)
            as ask_deputy_name
    from open_legs
    group by case_id
),

-- The log is the truth: the head of a case may still tell how urgent it began.
priorities_changed as (
    select
        case_id,
        note as priority,
        row_number() over (
            partition by case_id
            order by event_at desc, event_id desc
        ) as recency_rank
    from events
    where
        event_kind = 'priority_changed'
        and note in ('low', 'normal', 'high', 'urgent')
),

ranked as (
    select
        cases.case_id,
        cases.case_kind,
        coalesce(priorities_changed.priority, cases.priority) as priority,
        cases.opened_at,
        cases.order_id,
        cases.order_line_no,
        open_cases.open_departments,
        open_cases.ask_id,
        open_cases.ask_name,
        open_cases.ask_deputy_id,
        open_cases.ask_deputy_name,
        row_number() over (
            partition by cases.order_id, cases.order_line_no
            order by cases.opened_at desc, cases.case_id desc
        ) as recency_rank,
        count(*) over (partition by cases.order_id, cases.order_line_no) as open_case_count
    from cases
    inner join open_cases
        on cases.case_id = open_cases.case_id
    left join priorities_changed
        on
            cases.case_id = priorities_changed.case_id
            and priorities_changed.recency_rank = 1
)

select
    order_id,
    order_line_no,
    case_id,
    case_kind,
    priority,
    opened_at,
    {{ business_date('opened_at', "'UTC'") }} as opened_on,
    open_departments,
    open_case_count,
    ask_id,
    ask_name,
    ask_deputy_id,
    ask_deputy_name
from ranked
where recency_rank = 1
