{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='po_id',
    touched='int_supply__orders_touched',
    on_schema_change='fail',
    indexes=[{'columns': ['po_id', 'line_no'], 'unique': true}]
) }}

with order_lines as (
    select * from {{ ref('stg_purchasing__order_lines') }}
    where {{ joins_touched('po_id', 'int_supply__orders_touched') }}
),

eta_events as (
    select * from {{ ref('stg_purchasing__eta_events') }}
    where
        changed_on <= {{ as_of() }}
        and {{ joins_touched('po_id', 'int_supply__orders_touched') }}
),

ranked as (
    select
        eta_events.*,
        row_number() over (
            partition by po_id, line_no
            order by changed_at desc, event_id desc
        ) as recency_rank,
        count(*) over (partition by po_id, line_no) as event_count,
        row_number() over (
            partition by po_id, line_no
            order by changed_at, event_id
        ) as age_rank
    from eta_events
),

counted as (
    select
        ranked.*,
        -- The first date of a line, given where there was none, changes nothing.
        sum(case when age_rank = 1 and old_expected_on is null then 1 else 0 end)
            over (partition by po_id, line_no) as first_date_count
    from ranked
)

select
    order_lines.po_id,
    order_lines.line_no,
    order_lines.requested_on,
    order_lines.first_confirmed_on,
    -- A withdrawn date stays withdrawn: falling back would promise what the supplier took back.
    case
        when counted.event_id is not null then counted.new_expected_on
        else coalesce(order_lines.expected_on, order_lines.first_confirmed_on)
    end as expected_on,
    coalesce(counted.event_count - counted.first_date_count, 0) as date_change_count,
    counted.changed_at as date_changed_at,
    counted.change_reason as date_change_reason
from order_lines
left join counted
    on
        order_lines.po_id = counted.po_id
        and order_lines.line_no = counted.line_no
        and counted.recency_rank = 1
