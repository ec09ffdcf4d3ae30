{{ config(unique_key='count_id') }}

select
    counts.count_id,
    counts.warehouse_id,
    counts.product_id,
    counts.lot_id,
    counts.counted_at,
    {{ business_date('counts.counted_at', zone_of('warehouses')) }} as counted_on,
    counts.counter_id,
    counts.posted_movement_id,
    counts.state as count_state,
    counts.cause,

    counts.uom,
    {{ base_qty('counts', 'counts.book_qty_at_count') }} as book_base_qty,
    {{ base_qty('counts', 'counts.counted_qty') }} as counted_base_qty,

    counts.source_system,
    counts.source_id
from {{ source('warehouse', 'wh_count') }} as counts
left join {{ ref('stg_reference__warehouses') }} as warehouses
    on counts.warehouse_id = warehouses.warehouse_id
{{ join_base_unit('counts', business_date('counts.counted_at', zone_of('warehouses'))) }}
