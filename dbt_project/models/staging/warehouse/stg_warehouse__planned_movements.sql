{%- set planned_on = business_date('planned_movements.planned_at', zone_of('warehouses')) -%}

select
    planned_movements.planned_movement_id,
    planned_movements.direction,
    planned_movements.kind as movement_kind,
    planned_movements.planned_at,
    {{ planned_on }} as planned_on,
    planned_movements.warehouse_id,
    planned_movements.product_id,
    planned_movements.document_id,
    planned_movements.order_id,
    planned_movements.po_id,

    planned_movements.qty as source_qty,
    planned_movements.uom,
    {{ base_qty('planned_movements', 'planned_movements.qty') }} as base_qty,

    planned_movements.source_system,
    planned_movements.source_id
from {{ source('warehouse', 'wh_planned_movement') }} as planned_movements
left join {{ ref('stg_reference__warehouses') }} as warehouses
    on planned_movements.warehouse_id = warehouses.warehouse_id
{{ join_base_unit('planned_movements', 'coalesce(' ~ planned_on ~ ', ' ~ as_of() ~ ')') }}
