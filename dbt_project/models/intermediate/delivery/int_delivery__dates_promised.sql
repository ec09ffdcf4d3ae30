{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='order_id',
    touched='int_delivery__orders_touched',
    on_schema_change='fail',
    indexes=[{'columns': ['order_id', 'line_no'], 'unique': true}]
) }}

with promise_events as (
    select * from {{ ref('stg_sales__promise_events') }}
    where
        made_on <= {{ as_of() }}
        and {{ joins_touched('order_id', 'int_delivery__orders_touched') }}
),

order_lines as (
    select * from {{ ref('stg_sales__order_lines') }}
    where {{ joins_touched('order_id', 'int_delivery__orders_touched') }}
),

numbered as (
    select
        event_id,
        order_id,
        line_no,
        promised_on,
        made_at,
        made_on,
        initiator,
        row_number() over (
            partition by order_id, line_no order by made_at, event_id
        ) as promise_no,
        count(*) over (partition by order_id, line_no) as promise_count
    from promise_events
),

-- Most lines are promised once; the windows below look at the others only.
promised as (
    select
        order_id,
        line_no,
        min(case when promise_no = 1 then promised_on end) as first_promised_on,
        min(case when promise_no = promise_count then promised_on end) as last_promised_on
    from numbered
    group by order_id, line_no
),

-- A date already missed stays missed: a change made after it moves nothing, nor do later ones.
changes as (
    select
        numbered.order_id,
        numbered.line_no,
        numbered.promised_on,
        numbered.promise_no,
        numbered.initiator = 'customer' as is_by_customer,
        numbered.made_on,
        lag(numbered.promised_on) over (
            partition by numbered.order_id, numbered.line_no order by numbered.promise_no
        ) as previous_on
    from numbered
    where numbered.promise_count > 1
),

changes_in_time as (
    select
        changes.*,
        min(case when changes.made_on > changes.previous_on then 0 else 1 end) over (
            partition by changes.order_id, changes.line_no order by changes.promise_no
            rows between unbounded preceding and current row
        ) = 1 as is_in_time
    from changes
),

last_kept as (
    select
        order_id,
        line_no,
        max(promise_no) as promise_no
    from changes_in_time
    where is_in_time
    group by order_id, line_no
),

last_due as (
    select
        changes_in_time.order_id,
        changes_in_time.line_no,
        changes_in_time.promised_on
    from changes_in_time
    inner join last_kept
        on
            changes_in_time.order_id = last_kept.order_id
            and changes_in_time.line_no = last_kept.line_no
            and changes_in_time.promise_no = last_kept.promise_no
),

-- Only the customer moves the dates a customer was first given. The first word on a line is no
-- change of a promise; it may be one of the customer's wish.
wishes as (
    select
        numbered.order_id,
        numbered.line_no,
        numbered.promise_no,
        numbered.promised_on,
        numbered.made_on,
        coalesce(
            lag(numbered.promised_on) over (
                partition by numbered.order_id, numbered.line_no order by numbered.promise_no
            ),
            order_lines.requested_on
        ) as previous_requested_on,
        coalesce(
            lag(numbered.promised_on) over (
                partition by numbered.order_id, numbered.line_no order by numbered.promise_no
            ),
            promised.first_promised_on
        ) as previous_promised_on
    from numbered
    inner join promised
        on
            numbered.order_id = promised.order_id
            and numbered.line_no = promised.line_no
    left join order_lines
        on
            numbered.order_id = order_lines.order_id
            and numbered.line_no = order_lines.line_no
    where numbered.initiator = 'customer'
),

wishes_in_time as (
    select
        wishes.*,
        min(case when wishes.made_on > wishes.previous_requested_on then 0 else 1 end) over (
            partition by wishes.order_id, wishes.line_no order by wishes.promise_no
            rows between unbounded preceding and current row
        ) = 1 as is_before_requested,
        min(case when wishes.made_on > wishes.previous_promised_on then 0 else 1 end) over (
            partition by wishes.order_id, wishes.line_no order by wishes.promise_no
            rows between unbounded preceding and current row
        ) = 1 as is_before_promised
    from wishes
),

wishes_kept as (
    select
        order_id,
        line_no,
        max(case when is_before_requested then promise_no end) as requested_no,
        max(case when is_before_promised then promise_no end) as promised_no
    from wishes_in_time
    group by order_id, line_no
),

wished as (
    select
        wishes_in_time.order_id,
        wishes_in_time.line_no,
        min(
            case
                when wishes_in_time.promise_no = wishes_kept.requested_no
                    then wishes_in_time.promised_on
            end
        ) as requested_on,
        min(
            case
                when wishes_in_time.promise_no = wishes_kept.promised_no
                    then wishes_in_time.promised_on
            end
        ) as promised_on
    from wishes_in_time
    inner join wishes_kept
        on
            wishes_in_time.order_id = wishes_kept.order_id
            and wishes_in_time.line_no = wishes_kept.line_no
    group by wishes_in_time.order_id, wishes_in_time.line_no
)

select
    order_lines.order_id,
    order_lines.line_no,
    order_lines.requested_on,
    promised.first_promised_on,
    promised.last_promised_on,
    coalesce(wished.requested_on, order_lines.requested_on) as requested_due_on,
    coalesce(wished.promised_on, promised.first_promised_on) as first_promised_due_on,
    coalesce(last_due.promised_on, promised.first_promised_on) as last_promised_due_on
from order_lines
left join promised
    on
        order_lines.order_id = promised.order_id
        and order_lines.line_no = promised.line_no
left join last_due
    on
        order_lines.order_id = last_due.order_id
        and order_lines.line_no = last_due.line_no
left join wished
    on
        order_lines.order_id = wished.order_id
        and order_lines.line_no = wished.line_no
