{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='shipment_id',
    touched='int_delivery__shipments_touched',
    on_schema_change='fail'
) }}

with shipment_lines as (
    select * from {{ ref('stg_logistics__shipment_lines') }}
    where {{ joins_touched('shipment_id', 'int_delivery__shipments_touched') }}
),

shipments as (
    select * from {{ ref('stg_logistics__shipments') }}
    where {{ joins_touched('shipment_id', 'int_delivery__shipments_touched') }}
),

outcomes as (
    select * from {{ ref('int_delivery__outcomes_reported') }}
    where
        is_standing
        and {{ joins_touched('shipment_id', 'int_delivery__shipments_touched') }}
),

picked as (
    select * from {{ ref('int_delivery__lines_picked') }}
    where {{ joins_touched('shipment_id', 'int_delivery__shipments_touched') }}
),

perfect as (
    select * from {{ ref('int_delivery__lines_perfect') }}
),

orders as (
    select * from {{ ref('stg_sales__orders') }}
),

customers as (
    select * from {{ ref('int_masterdata__customers_with_managers') }}
),

products as (
    select * from {{ ref('stg_reference__products') }}
),

warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
),

otif_window as (
    select
        {{ first_of_month(as_of(), '-number') }} as starts_on
    from {{ ref('delivery_setting') }}
    where setting = 'otif_window_months'
),

joined as (
    select
        outcomes.shipment_id,
        outcomes.line_no,
        outcomes.order_id,
        outcomes.order_line_no,
        outcomes.issued_on,
        outcomes.shipped_base_qty,
        shipments.shipment_number,
        shipments.warehouse_id,
        shipments.customer_id as shipped_to_id,
        shipment_lines.product_id,
        shipment_lines.source_system,
        shipment_lines.source_id,
        picked.source_picked_qty * shipment_lines.base_qty
        / nullif(shipment_lines.source_qty, 0) as picked_qty,
        picked.picker_id,
        picked.checked_by_id,
        picked.picked_at,
        picked.error_count,
        {% for kind in pick_error_kinds() %}
            picked.is_{{ kind }},
        {% endfor %}
        picked.found_where,
        picked.case_id
    from outcomes
    inner join shipment_lines
        on
            outcomes.shipment_id = shipment_lines.shipment_id
            and outcomes.line_no = shipment_lines.line_no
    inner join shipments
        on outcomes.shipment_id = shipments.shipment_id
    left join picked
        on
            outcomes.shipment_id = picked.shipment_id
            and outcomes.line_no = picked.line_no
    cross join otif_window
    where outcomes.issued_on >= otif_window.starts_on
),

with_order as (
    select
        joined.*,
        orders.order_number,
        orders.seller_id,
        coalesce(joined.shipped_to_id, orders.customer_id) as customer_id,
        perfect.is_on_time,
        perfect.is_in_full,
        perfect.has_right_papers,
        perfect.is_sound,
        perfect.is_perfect_line,
        perfect.is_perfect_order
    from joined
    left join orders
        on joined.order_id = orders.order_id
    left join perfect
        on
            joined.order_id = perfect.order_id
            and joined.order_line_no = perfect.line_no
)

select
    with_order.shipment_id,
    with_order.line_no,
    with_order.shipment_number,
    with_order.issued_on,
    with_order.order_id,
    with_order.order_number,
    with_order.order_line_no,

    with_order.customer_id,
    {{ name_or_placeholder('customers.customer_name', 'customer', 'with_order.customer_id') }}
        as customer_name,
    customers.manager_id,
    customers.manager_name,
    with_order.seller_id,
    with_order.warehouse_id,
    {{ name_or_placeholder('warehouses.warehouse_name', 'warehouse', 'with_order.warehouse_id') }}
        as warehouse_name,
    with_order.product_id,
    products.product_code,
    {{ name_or_placeholder('products.product_name', 'product', 'with_order.product_id') }}
        as product_name,
    products.base_uom,

    cast(with_order.shipped_base_qty as numeric(18, 6)) as shipped_qty,
    cast(with_order.picked_qty as numeric(18, 6)) as picked_qty,
    with_order.picked_at,
    with_order.picker_id,
    with_order.checked_by_id,

    with_order.error_count,
    {% for kind in pick_error_kinds() %}
        with_order.is_{{ kind }},
    {% endfor %}
    with_order.found_where,
    with_order.error_count = 0 as is_picked_right,
    with_order.case_id,

    with_order.is_on_time,
    with_order.is_in_full,
    with_order.has_right_papers,
    with_order.is_sound,
    with_order.is_perfect_line,
    with_order.is_perfect_order,

    with_order.source_system,
    with_order.source_id
from with_order
left join customers
    on with_order.customer_id = customers.customer_id
left join products
    on with_order.product_id = products.product_id
left join warehouses
    on with_order.warehouse_id = warehouses.warehouse_id
