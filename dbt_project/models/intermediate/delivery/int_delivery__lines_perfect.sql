{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='order_id',
    touched='int_delivery__orders_touched',
    on_schema_change='fail',
    indexes=[{'columns': ['order_id', 'line_no'], 'unique': true}]
) }}

with judged as (
    select * from {{ ref('int_delivery__lines_judged') }}
    where {{ joins_touched('order_id', 'int_delivery__orders_touched') }}
),

shipped as (
    select * from {{ ref('int_delivery__order_lines_shipped') }}
    where {{ joins_touched('order_id', 'int_delivery__orders_touched') }}
),

picked as (
    select * from {{ ref('int_delivery__lines_picked') }}
    where
        (has_wrong_qty or has_wrong_papers or has_wrong_goods)
        and {{ joins_touched('shipment_id', 'int_delivery__shipments_touched') }}
),

wrong as (
    select
        shipped.order_id,
        shipped.order_line_no,
        max(case when picked.has_wrong_qty then 1 else 0 end) = 1 as has_wrong_qty,
        max(case when picked.has_wrong_papers then 1 else 0 end) = 1 as has_wrong_papers,
        max(case when picked.has_wrong_goods then 1 else 0 end) = 1 as has_wrong_goods
    from picked
    inner join shipped
        on
            picked.shipment_id = shipped.shipment_id
            and picked.line_no = shipped.line_no
    group by shipped.order_id, shipped.order_line_no
),

scored as (
    select
        judged.order_id,
        judged.line_no,
        judged.requested_outcome = 'not_due' as is_awaited,
        judged.is_on_time_requested as is_on_time,
        judged.is_in_full_requested and not coalesce(wrong.has_wrong_qty, false) as is_in_full,
        case
            when judged.is_on_time_requested is not null
                then not coalesce(wrong.has_wrong_papers, false)
        end as has_right_papers,
        case
            when judged.is_on_time_requested is not null
                then not coalesce(wrong.has_wrong_goods, false)
        end as is_sound
    from judged
    left join wrong
        on
            judged.order_id = wrong.order_id
            and judged.line_no = wrong.order_line_no
),

lines as (
    select
        scored.*,
        is_on_time and is_in_full and has_right_papers and is_sound as is_perfect_line
    from scored
),

-- One line that is not perfect decides; a perfect order waits for its last line.
orders as (
    select
        order_id,
        case
            when min(case when is_perfect_line then 1 when not is_perfect_line then 0 end) = 0
                then false
            when max(case when is_awaited then 1 else 0 end) = 1 then null
            else min(case when is_perfect_line then 1 end) = 1
        end as is_perfect_order
    from lines
    group by order_id
)

select
    lines.order_id,
    lines.line_no,
    lines.is_on_time,
    lines.is_in_full,
    lines.has_right_papers,
    lines.is_sound,
    lines.is_perfect_line,
    orders.is_perfect_order
from lines
inner join orders
    on lines.order_id = orders.order_id
