with order_lines as (
    select * from {{ source('purchasing', 'pur_order_line') }}
),

orders as (
    select * from {{ ref('stg_purchasing__orders') }}
),

warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
),

dated as (
    select
        order_lines.*,
        orders.ordered_on,
        coalesce(warehouses.warehouse_tz, 'UTC') as warehouse_tz
    from order_lines
    left join orders
        on order_lines.po_id = orders.po_id
    left join warehouses
        on order_lines.warehouse_id = warehouses.warehouse_id
)

select
    dated.po_id,
    dated.line_no,
    dated.product_id,
    dated.warehouse_id,
    dated.warehouse_tz,
    dated.state as supply_state,
    dated.requested_date as requested_on,
    dated.first_confirmed_date as first_confirmed_on,
    dated.expected_date as expected_on,

    dated.qty as source_qty,
    dated.uom,
    dated.price as unit_price,
    {{ base_qty('dated', 'dated.qty') }} as base_qty,
    {{ base_qty('dated', 'dated.cancelled_qty') }} as cancelled_base_qty,

    dated.source_system,
    dated.source_id
from dated
{{ join_base_unit('dated', 'coalesce(dated.ordered_on, ' ~ as_of() ~ ')') }}
