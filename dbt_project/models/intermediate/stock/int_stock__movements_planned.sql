with planned_movements as (
    select
        *,
        movement_kind in ('transfer_in', 'transfer_out') as is_transfer
    from {{ ref('stg_warehouse__planned_movements') }}
)

select
    warehouse_id,
    product_id,
    sum(case when direction = 'out' and not is_transfer then base_qty else 0 end) as outgoing_qty,
    sum(case when direction = 'in' and not is_transfer then base_qty else 0 end) as incoming_qty,
    sum(case when direction = 'out' and is_transfer then base_qty else 0 end) as transfer_out_qty,
    sum(case when direction = 'in' and is_transfer then base_qty else 0 end) as transfer_in_qty
from planned_movements
group by warehouse_id, product_id
