with returned as (
    select * from {{ ref('int_delivery__goods_returned') }}
),

outcomes as (
    select * from {{ ref('int_delivery__outcomes_reported') }}
    where issued_on <= {{ as_of() }}
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

return_window as (
    select {{ first_of_month(as_of(), '-number') }} as starts_on
    from {{ ref('delivery_setting') }}
    where setting = 'return_window_months'
),

-- All returns of one shipment line together must not exceed what the customer had in hands.
summed as (
    select
        returned.*,
        sum(case when return_state <> 'cancelled' then returned_qty else 0 end) over (
            partition by shipment_id, shipment_line_no
        ) as all_returned_qty
    from returned
),

joined as (
    select
        summed.*,
        orders.order_number,
        orders.seller_id,
        coalesce(summed.customer_id, orders.customer_id) as returned_by_id,
        case
            when outcomes.is_refused then outcomes.shipped_base_qty
            else outcomes.our_base_qty
        end as handed_over_qty,
        outcomes.delivered_on
    from summed
    left join outcomes
        on
            summed.shipment_id = outcomes.shipment_id
            and summed.shipment_line_no = outcomes.line_no
    left join orders
        on summed.order_id = orders.order_id
    cross join return_window
    where summed.closed_on is null or summed.closed_on >= return_window.starts_on
)

select
    joined.rma_id,
    joined.line_no,
    joined.reason,
    joined.return_state,
    joined.opened_on,
    joined.received_on,
    joined.inspected_on,
    joined.closed_on,
    joined.state_since_on,

    joined.returned_by_id as customer_id,
    {{ name_or_placeholder('customers.customer_name', 'customer', 'joined.returned_by_id') }}
        as customer_name,
    customers.manager_id,
    customers.manager_name,
    joined.seller_id,
    joined.order_id,
    joined.order_number,
    joined.order_line_no,
    joined.shipment_id,
    joined.shipment_line_no,
    joined.shipment_number,
    joined.delivered_on,
    joined.warehouse_id,
    {{ name_or_placeholder('warehouses.warehouse_name', 'warehouse', 'joined.warehouse_id') }}
        as warehouse_name,
    joined.product_id,
    products.product_code,
    {{ name_or_placeholder('products.product_name', 'product', 'joined.product_id') }}
        as product_name,
    products.base_uom,

    joined.returned_qty,
    cast(joined.received_qty as numeric(18, 6)) as received_qty,
    cast(
        case when joined.goods_place = 'quarantine' then joined.received_qty else 0 end
        as numeric(18, 6)
    ) as quarantine_qty,
    cast(
        case when joined.goods_place = 'inspected' then joined.received_qty else 0 end
        as numeric(18, 6)
    ) as inspected_qty,
    cast(
        case when joined.goods_place = 'refunded' then joined.received_qty else 0 end
        as numeric(18, 6)
    ) as refunded_qty,
    cast(
        case when joined.goods_place = 'replaced' then joined.received_qty else 0 end
        as numeric(18, 6)
    ) as replaced_qty,
    cast(
        case when joined.goods_place = 'returned_to_customer' then joined.received_qty else 0 end
        as numeric(18, 6)
    ) as returned_to_customer_qty,
    cast(
        case when joined.goods_place = 'scrapped' then joined.received_qty else 0 end
        as numeric(18, 6)
    ) as scrapped_qty,
    joined.outcome,
    joined.credit_document_id,
    joined.is_credited_before_receipt,
    cast(joined.handed_over_qty as numeric(18, 6)) as handed_over_qty,
    coalesce(joined.all_returned_qty > round(joined.handed_over_qty, 6), false) as is_over_returned,

    joined.source_system,
    joined.source_id
from joined
left join customers
    on joined.returned_by_id = customers.customer_id
left join products
    on joined.product_id = products.product_id
left join warehouses
    on joined.warehouse_id = warehouses.warehouse_id
