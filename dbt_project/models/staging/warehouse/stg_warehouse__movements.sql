{{ config(unique_key='movement_id') }}

select
    movements.movement_id,
    movements.kind as movement_kind,
    movements.moved_at,
    {{ business_date('movements.moved_at', zone_of('warehouses')) }} as moved_on,
    movements.warehouse_id,
    movements.product_id,
    movements.lot_id,
    movements.quality_status,
    movements.document_id,
    movements.document_line_no,
    movements.reverses_movement_id as reversed_movement_id,
    movements.changed_at,

    movements.qty as source_qty,
    movements.uom,
    {{ base_qty('movements', 'movements.qty') }} as base_qty,

    movements.source_system,
    movements.source_id
from {{ source('warehouse', 'wh_movement') }} as movements
left join {{ ref('stg_reference__warehouses') }} as warehouses
    on movements.warehouse_id = warehouses.warehouse_id
{{ join_base_unit('movements', business_date('movements.moved_at', zone_of('warehouses'))) }}
