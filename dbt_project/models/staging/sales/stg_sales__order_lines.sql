with order_lines as (
    select * from {{ source('sales', 'so_order_line') }}
),

orders as (
    select * from {{ ref('stg_sales__orders') }}
),

warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
),

dated as (
    select
        order_lines.*,
        orders.ordered_on,
        orders.currency_code,
        coalesce(warehouses.warehouse_tz, 'UTC') as warehouse_tz
    from order_lines
    left join orders
        on order_lines.order_id = orders.order_id
    left join warehouses
        on order_lines.warehouse_id = warehouses.warehouse_id
)

select
    dated.order_id,
    dated.line_no,
    dated.product_id,
    dated.warehouse_id,
    dated.warehouse_tz,
    dated.requested_date as requested_on,

    dated.qty as source_qty,
    dated.uom,
    {{ base_num('dated') }} as base_num,
    {{ base_den('dated') }} as base_den,
    {{ base_qty('dated', 'dated.qty') }} as base_qty,
    {{ base_qty('dated', 'dated.cancelled_qty') }} as cancelled_base_qty,

    dated.currency_code,
    -- Per `uom` of this line, before tax.
    dated.price_net as unit_net_price,
    dated.tax_rate,

    dated.source_system,
    dated.source_id
from dated
{{ join_base_unit('dated', 'coalesce(dated.ordered_on, ' ~ as_of() ~ ')') }}
