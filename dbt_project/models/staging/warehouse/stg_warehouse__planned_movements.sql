with planned_movements as (
    select * from {{ source('warehouse', 'wh_planned_movement') }}
),

warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
),

dated as (
    select
        planned_movements.*,
        {{ business_date(
            'planned_movements.planned_at', "coalesce(warehouses.warehouse_tz, 'UTC')"
        ) }} as planned_on
    from planned_movements
    left join warehouses
        on planned_movements.warehouse_id = warehouses.warehouse_id
)

select
    dated.planned_movement_id,
    dated.direction,
    dated.kind as movement_kind,
    dated.planned_at,
    dated.planned_on,
    dated.warehouse_id,
    dated.product_id,
    dated.document_id,
    dated.order_id,
    dated.po_id,

    dated.qty as source_qty,
    dated.uom,
    {{ base_qty('dated', 'dated.qty') }} as base_qty,

    dated.source_system,
    dated.source_id
from dated
{{ join_base_unit('dated', 'coalesce(dated.planned_on, ' ~ as_of() ~ ')') }}
