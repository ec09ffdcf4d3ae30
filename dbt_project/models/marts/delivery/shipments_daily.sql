{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='shipment_id',
    touched='int_delivery__shipments_shown_touched',
    on_schema_change='fail'
) }}

with outcomes as (
    select * from {{ ref('int_delivery__outcomes_reported') }}
    where {{ joins_touched('shipment_id', 'int_delivery__shipments_shown_touched') }}
),

shipment_lines as (
    select * from {{ ref('stg_logistics__shipment_lines') }}
    where {{ joins_touched('shipment_id', 'int_delivery__shipments_shown_touched') }}
),

shipments as (
    select * from {{ ref('stg_logistics__shipments') }}
    where {{ joins_touched('shipment_id', 'int_delivery__shipments_shown_touched') }}
),

orders as (
    select * from {{ ref('stg_sales__orders') }}
),

order_lines as (
    select * from {{ ref('stg_sales__order_lines') }}
),

dates_promised as (
    select * from {{ ref('int_delivery__dates_promised') }}
),

site_days as (
    select * from {{ ref('int_delivery__site_days') }}
),

customers as (
    select * from {{ ref('int_masterdata__customers_with_managers') }}
),

customers_versioned as (
    select * from {{ ref('int_masterdata__customers_versioned') }}
),

products as (
    select * from {{ ref('stg_reference__products') }}
),

warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
),

joined as (
    select
        outcomes.*,
        shipments.shipment_number,
        shipments.issued_at,
        shipments.planned_delivery_from_at,
        shipments.planned_delivery_to_at,
        shipments.planned_delivery_on,
        shipments.cancelled_shipment_id,
        shipments.carrier,
        shipments.route_id,
        shipments.warehouse_id,
        shipments.customer_id as shipped_to_id,
        {{ time_of_day('shipments.issued_at', 'shipments.warehouse_tz') }} as issued_time,
        shipments.source_system,
        shipments.source_id,
        shipment_lines.product_id,
        shipment_lines.base_qty
    from outcomes
    inner join shipment_lines
        on
            outcomes.shipment_id = shipment_lines.shipment_id
            and outcomes.line_no = shipment_lines.line_no
    inner join shipments
        on outcomes.shipment_id = shipments.shipment_id
    -- The restatement window, what is not confirmed, and what was cancelled within the window.
    where
        outcomes.issued_on >= {{ add_days(as_of(), '-' ~ shipments_kept_days()) }}
        or outcomes.cancelled_on >= {{ add_days(as_of(), '-' ~ shipments_kept_days()) }}
        or outcomes.delivery_state in ('unconfirmed', 'in_transit')
),

with_order as (
    select
        joined.*,
        orders.order_number,
        orders.seller_id,
        coalesce(orders.ordered_on, joined.issued_on) as sold_on,
        orders.currency_code,
        coalesce(joined.shipped_to_id, orders.customer_id) as customer_id,
        order_lines.requested_on,
        dates_promised.first_promised_on,
        dates_promised.last_promised_on,
        -- The order's price is per the order's unit; the shipment may use another one.
        order_lines.unit_net_price * joined.base_qty * order_lines.base_den / order_lines.base_num
            as net_amount
    from joined
    left join orders
        on joined.order_id = orders.order_id
    left join order_lines
        on
            joined.order_id = order_lines.order_id
            and joined.order_line_no = order_lines.line_no
    left join dates_promised
        on
            joined.order_id = dates_promised.order_id
            and joined.order_line_no = dates_promised.line_no
)

select
    with_order.shipment_id,
    with_order.line_no,
    with_order.shipment_number,
    with_order.issued_at,
    with_order.issued_on,
    case
        when
            site_days.is_working
            and (site_days.cut_off_at is null or with_order.issued_time <= site_days.cut_off_at)
            then with_order.issued_on
        else coalesce(site_days.next_working_on, with_order.issued_on)
    end as planning_on,
    coalesce(site_days.next_working_on, {{ add_days('with_order.issued_on', 1) }}) as shown_on,

    with_order.customer_id,
    {{ name_or_placeholder('customers.customer_name', 'customer', 'with_order.customer_id') }}
        as customer_name,
    customers.manager_id,
    customers.manager_name,
    customers_then.manager_id as manager_id_then,
    with_order.order_id,
    with_order.order_number,
    with_order.order_line_no,
    with_order.seller_id,
    with_order.requested_on,
    with_order.first_promised_on,
    with_order.last_promised_on,

    with_order.warehouse_id,
    {{ name_or_placeholder('warehouses.warehouse_name', 'warehouse', 'with_order.warehouse_id') }}
        as warehouse_name,
    with_order.product_id,
    products.product_code,
    {{ name_or_placeholder('products.product_name', 'product', 'with_order.product_id') }}
        as product_name,
    products.base_uom,
    cast(with_order.base_qty as numeric(18, 6)) as shipped_qty,
    with_order.currency_code,
    cast(with_order.net_amount as numeric(18, 2)) as net_amount,

    with_order.route_id,
    with_order.carrier,
    with_order.planned_delivery_from_at,
    with_order.planned_delivery_to_at,
    with_order.planned_delivery_on,
    with_order.delivery_state,
    with_order.punctuality,
    with_order.pod_state,
    with_order.delivered_at,
    with_order.delivered_on,
    with_order.carrier_delivered_at,
    with_order.proof_at,
    with_order.is_pod_required,
    with_order.is_assumed,
    with_order.is_cancellation,
    with_order.cancelled_shipment_id,
    with_order.cancelled_on,

    with_order.source_system,
    with_order.source_id
from with_order
left join customers
    on with_order.customer_id = customers.customer_id
left join customers_versioned as customers_then
    on
        {{ version_at(
            'customers_then', 'customer_id', 'with_order.customer_id', 'with_order.sold_on'
        ) }}
left join products
    on with_order.product_id = products.product_id
left join warehouses
    on with_order.warehouse_id = warehouses.warehouse_id
left join site_days
    on
        warehouses.site_id = site_days.site_id
        and with_order.issued_on = site_days.calendar_on
