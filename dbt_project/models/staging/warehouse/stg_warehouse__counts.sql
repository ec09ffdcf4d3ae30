with counts as (
    select * from {{ source('warehouse', 'wh_count') }}
),

warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
),

dated as (
    select
        counts.*,
        {{ business_date('counts.counted_at', "coalesce(warehouses.warehouse_tz, 'UTC')") }}
            as counted_on
    from counts
    left join warehouses
        on counts.warehouse_id = warehouses.warehouse_id
)

select
    dated.count_id,
    dated.warehouse_id,
    dated.product_id,
    dated.lot_id,
    dated.counted_at,
    dated.counted_on,
    dated.counter_id,
    dated.posted_movement_id,
    dated.state as count_state,
    dated.cause,

    dated.uom,
    {{ base_qty('dated', 'dated.book_qty_at_count') }} as book_base_qty,
    {{ base_qty('dated', 'dated.counted_qty') }} as counted_base_qty,

    dated.source_system,
    dated.source_id
from dated
{{ join_base_unit('dated', 'dated.counted_on') }}
