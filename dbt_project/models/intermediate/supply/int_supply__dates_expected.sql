with order_lines as (
    select * from {{ ref('stg_purchasing__order_lines') }}
),

eta_events as (
    select * from {{ ref('stg_purchasing__eta_events') }}
    where changed_on <= {{ as_of() }}
),

ranked as (
    select
        eta_events.*,
        row_number() over (
            partition by po_id, line_no
            order by changed_at desc, event_id desc
        ) as recency_rank,
        count(*) over (partition by po_id, line_no) as date_change_count
    from eta_events
)

select
    order_lines.po_id,
    order_lines.line_no,
    order_lines.requested_on,
    order_lines.first_confirmed_on,
    -- A withdrawn date stays withdrawn: falling back would promise what the supplier took back.
    case
        when ranked.event_id is not null then ranked.new_expected_on
        else coalesce(order_lines.expected_on, order_lines.first_confirmed_on)
    end as expected_on,
    coalesce(ranked.date_change_count, 0) as date_change_count,
    ranked.changed_at as date_changed_at,
    ranked.change_reason as date_change_reason
from order_lines
left join ranked
    on
        order_lines.po_id = ranked.po_id
        and order_lines.line_no = ranked.line_no
        and ranked.recency_rank = 1
