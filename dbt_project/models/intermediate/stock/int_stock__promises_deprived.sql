{{ config(
    materialized='table',
    indexes=[{'columns': ['reservation_id', 'order_id', 'line_no'], 'unique': true}]
) }}

with reservations as (
    select * from {{ ref('int_stock__reservations_judged') }}
    where is_live and is_hard and base_qty > 0
),

promises as (
    select * from {{ ref('int_stock__promises_covered') }}
),

lines as (
    select * from {{ ref('int_stock__order_lines_open') }}
),

held_together as (
    select
        reservations.*,
        round(reservations.base_qty, 6) as reserved_qty,
        sum(round(reservations.base_qty, 6)) over (
            partition by order_id, order_line_no, warehouse_id, product_id
        ) as held_for_line_qty
    from reservations
),

-- What the reservation's own line would want unheld, and from which place in the queue.
owners as (
    select
        held_together.reservation_id,
        held_together.order_id,
        held_together.warehouse_id,
        held_together.product_id,
        held_together.reserved_qty,
        own.queue_no as own_queue_no,
        coalesce(
            own.held_qty
            - least(own.open_qty, held_together.held_for_line_qty - held_together.reserved_qty),
            0
        ) as own_want_qty
    from held_together
    left join promises as own
        on
            held_together.order_id = own.order_id
            and held_together.order_line_no = own.line_no
            and held_together.warehouse_id = own.warehouse_id
            and held_together.product_id = own.product_id
),

weighed as (
    select
        owners.reservation_id,
        owners.warehouse_id,
        owners.product_id,
        promises.order_id,
        promises.line_no,
        promises.due_on,
        promises.not_held_short_qty,
        -- Without the reservation: its goods are free, and its own line waits in its turn.
        promises.not_held_short_qty
        - {{ shortage(
            'promises.not_held_claim_qty - owners.reserved_qty'
            ~ ' + case when owners.own_queue_no < promises.queue_no'
            ~ ' then owners.own_want_qty else 0 end',
            'promises.supply_qty',
            'promises.not_held_qty'
        ) }} as deprived_qty
    from owners
    inner join promises
        on
            owners.warehouse_id = promises.warehouse_id
            and owners.product_id = promises.product_id
            and promises.not_held_short_qty > 0
    where owners.order_id <> promises.order_id or owners.order_id is null
)

select
    weighed.reservation_id,
    weighed.warehouse_id,
    weighed.product_id,
    weighed.order_id,
    weighed.line_no,
    weighed.due_on,
    lines.order_number,
    lines.customer_id,
    lines.seller_id,
    lines.promised_on,
    lines.requested_on,
    lines.open_qty,
    weighed.not_held_short_qty as short_qty,
    cast(weighed.deprived_qty as numeric(18, 6)) as deprived_qty,
    cast(weighed.deprived_qty * lines.unit_value as numeric(18, 2)) as deprived_amount
from weighed
inner join lines
    on
        weighed.order_id = lines.order_id
        and weighed.line_no = lines.line_no
where weighed.deprived_qty > 0
