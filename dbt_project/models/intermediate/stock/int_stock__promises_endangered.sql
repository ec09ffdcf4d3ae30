{{ config(
    materialized='table',
    indexes=[{
        'columns': ['count_id', 'warehouse_id', 'product_id', 'lot_id', 'order_id', 'line_no'],
        'unique': true
    }]
) }}

with counts as (
    select * from {{ ref('int_stock__counts_judged') }}
    where open_loss_qty > 0
),

promises as (
    select * from {{ ref('int_stock__promises_covered') }}
),

lines as (
    select * from {{ ref('int_stock__order_lines_open') }}
),

-- Losses of one place add up: each endangers what the earlier ones left whole.
losses as (
    select
        counts.*,
        sum(open_loss_qty) over (
            partition by warehouse_id, product_id
            order by counted_at, count_id, lot_id
            rows between unbounded preceding and current row
        ) as lost_qty
    from counts
),

weighed as (
    select
        losses.count_id,
        losses.warehouse_id,
        losses.product_id,
        losses.lot_id,
        promises.order_id,
        promises.line_no,
        promises.due_on,
        {{ shortage('promises.held_claim_qty', 'promises.supply_qty - losses.lost_qty',
            'promises.held_qty') }}
        - {{ shortage('promises.held_claim_qty',
            'promises.supply_qty - losses.lost_qty + losses.open_loss_qty',
            'promises.held_qty') }}
        + {{ shortage('promises.not_held_claim_qty', 'promises.supply_qty - losses.lost_qty',
            'promises.not_held_qty') }}
        - {{ shortage('promises.not_held_claim_qty',
            'promises.supply_qty - losses.lost_qty + losses.open_loss_qty',
            'promises.not_held_qty') }}
            as endangered_qty
    from losses
    inner join promises
        on
            losses.warehouse_id = promises.warehouse_id
            and losses.product_id = promises.product_id
)

select
    weighed.count_id,
    weighed.warehouse_id,
    weighed.product_id,
    weighed.lot_id,
    weighed.order_id,
    weighed.line_no,
    weighed.due_on,
    lines.order_number,
    lines.customer_id,
    lines.seller_id,
    lines.promised_on,
    lines.requested_on,
    lines.open_qty,
    cast(weighed.endangered_qty as numeric(18, 6)) as endangered_qty,
    cast(weighed.endangered_qty * lines.unit_value as numeric(18, 2)) as endangered_amount
from weighed
inner join lines
    on
        weighed.order_id = lines.order_id
        and weighed.line_no = lines.line_no
where weighed.endangered_qty > 0
