{{ config(unique_key='order_id') }}

select
    order_lines.order_id,
    order_lines.line_no,
    order_lines.product_id,
    order_lines.warehouse_id,
    {{ zone_of('warehouses') }} as warehouse_tz,
    order_lines.requested_date as requested_on,

    order_lines.qty as source_qty,
    order_lines.uom,
    {{ base_num('order_lines') }} as base_num,
    {{ base_den('order_lines') }} as base_den,
    {{ base_qty('order_lines', 'order_lines.qty') }} as base_qty,
    {{ base_qty('order_lines', 'order_lines.cancelled_qty') }} as cancelled_base_qty,

    orders.currency_code,
    -- Per `uom` of this line, before tax.
    order_lines.price_net as unit_net_price,
    order_lines.tax_rate,

    order_lines.source_system,
    order_lines.source_id
from {{ source('sales', 'so_order_line') }} as order_lines
left join {{ ref('stg_sales__orders') }} as orders
    on order_lines.order_id = orders.order_id
left join {{ ref('stg_reference__warehouses') }} as warehouses
    on order_lines.warehouse_id = warehouses.warehouse_id
{{ join_base_unit('order_lines', 'coalesce(orders.ordered_on, ' ~ as_of() ~ ')') }}
