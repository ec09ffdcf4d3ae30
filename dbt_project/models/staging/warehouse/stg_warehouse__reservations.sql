{{ config(unique_key='reservation_id') }}

{%- set made_on = business_date('reservations.made_at', zone_of('warehouses')) -%}

select
    reservations.reservation_id,
    reservations.order_id,
    reservations.order_line_no,
    reservations.product_id,
    reservations.warehouse_id,
    reservations.hard as is_hard,
    reservations.made_at,
    {{ made_on }} as made_on,
    reservations.valid_until as valid_until_at,
    {{ business_date('reservations.valid_until', zone_of('warehouses')) }} as valid_until_on,
    reservations.released_at,
    {{ business_date('reservations.released_at', zone_of('warehouses')) }} as released_on,
    reservations.release_reason,
    reservations.made_by as made_by_id,
    reservations.approved_by as approved_by_id,

    reservations.qty as source_qty,
    reservations.uom,
    {{ base_qty('reservations', 'reservations.qty') }} as base_qty,

    reservations.source_system,
    reservations.source_id
from {{ source('warehouse', 'wh_reservation') }} as reservations
left join {{ ref('stg_reference__warehouses') }} as warehouses
    on reservations.warehouse_id = warehouses.warehouse_id
{{ join_base_unit('reservations', 'coalesce(' ~ made_on ~ ', ' ~ as_of() ~ ')') }}
