{{ config(unique_key='po_id') }}

select
    order_lines.po_id,
    order_lines.line_no,
    order_lines.product_id,
    order_lines.warehouse_id,
    {{ zone_of('warehouses') }} as warehouse_tz,
    order_lines.state as supply_state,
    order_lines.requested_date as requested_on,
    order_lines.first_confirmed_date as first_confirmed_on,
    order_lines.expected_date as expected_on,

    order_lines.qty as source_qty,
    order_lines.uom,
    order_lines.price as unit_price,
    {{ base_qty('order_lines', 'order_lines.qty') }} as base_qty,
    {{ base_qty('order_lines', 'order_lines.cancelled_qty') }} as cancelled_base_qty,

    order_lines.source_system,
    order_lines.source_id
from {{ source('purchasing', 'pur_order_line') }} as order_lines
left join {{ ref('stg_purchasing__orders') }} as orders
    on order_lines.po_id = orders.po_id
left join {{ ref('stg_reference__warehouses') }} as warehouses
    on order_lines.warehouse_id = warehouses.warehouse_id
{{ join_base_unit('order_lines', 'coalesce(orders.ordered_on, ' ~ as_of() ~ ')') }}
