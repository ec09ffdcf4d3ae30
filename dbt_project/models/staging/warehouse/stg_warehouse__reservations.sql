with reservations as (
    select * from {{ source('warehouse', 'wh_reservation') }}
),

warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
),

zoned as (
    select
        reservations.*,
        coalesce(warehouses.warehouse_tz, 'UTC') as warehouse_tz
    from reservations
    left join warehouses
        on reservations.warehouse_id = warehouses.warehouse_id
),

dated as (
    select
        zoned.*,
        {{ business_date('zoned.made_at', 'zoned.warehouse_tz') }} as made_on,
        {{ business_date('zoned.valid_until', 'zoned.warehouse_tz') }} as valid_until_on,
        {{ business_date('zoned.released_at', 'zoned.warehouse_tz') }} as released_on
    from zoned
)

select
    dated.reservation_id,
    dated.order_id,
    dated.order_line_no,
    dated.product_id,
    dated.warehouse_id,
    dated.hard as is_hard,
    dated.made_at,
    dated.made_on,
    dated.valid_until as valid_until_at,
    dated.valid_until_on,
    dated.released_at,
    dated.released_on,
    dated.release_reason,
    dated.made_by as made_by_id,
    dated.approved_by as approved_by_id,

    dated.qty as source_qty,
    dated.uom,
    {{ base_qty('dated', 'dated.qty') }} as base_qty,

    dated.source_system,
    dated.source_id
from dated
{{ join_base_unit('dated', 'coalesce(dated.made_on, ' ~ as_of() ~ ')') }}
