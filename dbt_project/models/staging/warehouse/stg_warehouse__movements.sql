with movements as (
    select * from {{ source('warehouse', 'wh_movement') }}
),

warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
),

dated as (
    select
        movements.*,
        {{ business_date('movements.moved_at', "coalesce(warehouses.warehouse_tz, 'UTC')") }}
            as moved_on
    from movements
    left join warehouses
        on movements.warehouse_id = warehouses.warehouse_id
)

select
    dated.movement_id,
    dated.kind as movement_kind,
    dated.moved_at,
    dated.moved_on,
    dated.warehouse_id,
    dated.product_id,
    dated.lot_id,
    dated.quality_status,
    dated.document_id,
    dated.document_line_no,
    dated.reverses_movement_id as reversed_movement_id,
    dated.changed_at,

    dated.qty as source_qty,
    dated.uom,
    {{ base_qty('dated', 'dated.qty') }} as base_qty,

    dated.source_system,
    dated.source_id
from dated
{{ join_base_unit('dated', 'dated.moved_on') }}
