with inbounds as (
    select * from {{ ref('int_supply__inbounds_judged') }}
),

planned_movements as (
    select * from {{ ref('stg_warehouse__planned_movements') }}
    where
        direction = 'in'
        and movement_kind in ('receipt', 'transfer_in')
),

purchase_orders as (
    select po_id from {{ ref('stg_purchasing__orders') }}
)

select
    'purchase' as supply_kind,
    po_id,
    line_no,
    inbound_id,
    warehouse_id,
    product_id,
    expected_on,
    eta_safe_on,
    cast(outstanding_qty as numeric(18, 6)) as expected_qty
from inbounds
-- What should have been here by the end of as_of comes on no day until there is a new one.
where
    is_awaited
    and warehouse_id is not null
    and expected_on > {{ as_of() }}

union all

-- What a warehouse expects without an order of ours: transfers, and receipts of its own plan.
select
    planned_movements.movement_kind as supply_kind,
    planned_movements.planned_movement_id as po_id,
    0 as line_no,
    '' as inbound_id,
    planned_movements.warehouse_id,
    planned_movements.product_id,
    planned_movements.planned_on as expected_on,
    planned_movements.planned_on as eta_safe_on,
    cast(planned_movements.base_qty as numeric(18, 6)) as expected_qty
from planned_movements
left join purchase_orders
    on planned_movements.po_id = purchase_orders.po_id
where
    purchase_orders.po_id is null
    and planned_movements.planned_on > {{ as_of() }}
