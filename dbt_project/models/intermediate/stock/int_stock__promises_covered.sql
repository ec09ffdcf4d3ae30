{{ config(
    materialized='table',
    indexes=[{'columns': ['order_id', 'line_no'], 'unique': true}]
) }}

-- Who gets what, place by place: goods held go to their lines first, what is left to the lines in
-- the order they are owed. A receipt helps the lines owed on its day or later.

with lines as (
    select * from {{ ref('int_stock__order_lines_open') }}
    where due_on is not null and warehouse_id is not null and product_id is not null
),

stock as (
    select * from {{ ref('int_stock__stock_closed') }}
),

held as (
    select * from {{ ref('int_stock__reservations_held') }}
),

held_for_lines as (
    select
        order_id,
        order_line_no,
        warehouse_id,
        product_id,
        round(sum(base_qty), 6) as held_qty
    from {{ ref('int_stock__reservations_judged') }}
    where is_live and is_hard and order_id is not null
    group by order_id, order_line_no, warehouse_id, product_id
),

receipts as (
    select
        warehouse_id,
        product_id,
        planned_on,
        round(sum(base_qty), 6) as receipt_qty
    from {{ ref('stg_warehouse__planned_movements') }}
    -- A receipt whose day has passed promises nothing until it has a new one.
    where direction = 'in' and planned_on > {{ as_of() }}
    group by warehouse_id, product_id, planned_on
),

owed as (
    select
        lines.order_id,
        lines.line_no,
        lines.warehouse_id,
        lines.product_id,
        lines.due_on,
        lines.ordered_on,
        lines.open_qty,
        least(lines.open_qty, coalesce(held_for_lines.held_qty, 0)) as held_qty
    from lines
    left join held_for_lines
        on
            lines.order_id = held_for_lines.order_id
            and lines.line_no = held_for_lines.order_line_no
            and lines.warehouse_id = held_for_lines.warehouse_id
            and lines.product_id = held_for_lines.product_id
),

events as (
    select
        warehouse_id,
        product_id,
        due_on as happens_on,
        1 as turn,
        ordered_on,
        order_id,
        line_no,
        open_qty,
        held_qty,
        0 as receipt_qty
    from owed

    union all

    select
        warehouse_id,
        product_id,
        planned_on as happens_on,
        0 as turn,
        cast(null as date) as ordered_on,
        cast(null as {{ text_type() }}) as order_id,
        cast(null as integer) as line_no,
        0 as open_qty,
        0 as held_qty,
        receipt_qty
    from receipts
),

queued as (
    select
        events.*,
        sum(receipt_qty) over place_until_now as received_qty,
        sum(held_qty) over place_until_now as held_until_now_qty,
        sum(open_qty - held_qty) over place_until_now as wanted_until_now_qty,
        sum(held_qty) over (partition by warehouse_id, product_id) as held_for_open_qty,
        row_number() over place_until_now as queue_no
    from events
    window
        place_until_now as (
            partition by warehouse_id, product_id
            order by happens_on, turn, ordered_on, order_id, line_no
            rows between unbounded preceding and current row
        )
),

supplied as (
    select
        queued.*,
        coalesce(round(stock.usable_qty, 6), 0) + queued.received_qty as supply_qty,
        -- Goods held for no open line are held all the same: they are served first.
        coalesce(round(held.reserved_qty, 6), 0) - queued.held_for_open_qty
        + queued.held_until_now_qty as held_before_and_own_qty,
        coalesce(round(held.reserved_qty, 6), 0) + queued.wanted_until_now_qty
            as wanted_before_and_own_qty
    from queued
    left join stock
        on
            queued.warehouse_id = stock.warehouse_id
            and queued.product_id = stock.product_id
    left join held
        on
            queued.warehouse_id = held.warehouse_id
            and queued.product_id = held.product_id
    where queued.order_id is not null
)

select
    order_id,
    line_no,
    warehouse_id,
    product_id,
    happens_on as due_on,
    queue_no,
    cast(open_qty as numeric(18, 6)) as open_qty,
    cast(held_qty as numeric(18, 6)) as held_qty,
    cast(open_qty - held_qty as numeric(18, 6)) as not_held_qty,
    cast(supply_qty as numeric(18, 6)) as supply_qty,
    cast(held_before_and_own_qty as numeric(18, 6)) as held_claim_qty,
    cast(wanted_before_and_own_qty as numeric(18, 6)) as not_held_claim_qty,
    cast({{ shortage('held_before_and_own_qty', 'supply_qty', 'held_qty') }} as numeric(18, 6))
        as held_short_qty,
    cast(
        {{ shortage('wanted_before_and_own_qty', 'supply_qty', 'open_qty - held_qty') }}
        as numeric(18, 6)
    ) as not_held_short_qty
from supplied
