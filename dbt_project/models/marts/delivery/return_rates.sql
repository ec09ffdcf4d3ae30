with shipped as (
    select * from {{ ref('int_delivery__outcomes_reported') }}
    where not is_cancellation and cancelled_on is null and delivered_on is not null
),

shipments as (
    select * from {{ ref('stg_logistics__shipments') }}
),

returned as (
    select * from {{ ref('int_delivery__goods_returned') }}
    where goods_place <> 'not_received'
),

customers as (
    select * from {{ ref('int_masterdata__customers_with_managers') }}
),

return_window as (
    select {{ first_of_month(as_of(), '-number') }} as starts_on
    from {{ ref('delivery_setting') }}
    where setting = 'return_window_months'
),

returned_by_line as (
    select
        shipment_id,
        shipment_line_no,
        sum(received_qty) as received_qty
    from returned
    group by shipment_id, shipment_line_no
),

-- A return belongs to the month its goods were delivered in, whenever it came.
by_month as (
    select
        {{ first_of_month('shipped.delivered_on') }} as delivered_month_on,
        shipments.customer_id,
        count(*) as delivered_line_count,
        count(returned_by_line.shipment_id) as returned_line_count,
        sum(shipped.accepted_base_qty) as delivered_qty,
        sum(coalesce(returned_by_line.received_qty, 0)) as returned_qty
    from shipped
    inner join shipments
        on shipped.shipment_id = shipments.shipment_id
    cross join return_window
    left join returned_by_line
        on
            shipped.shipment_id = returned_by_line.shipment_id
            and shipped.line_no = returned_by_line.shipment_line_no
    where
        shipped.delivered_on >= return_window.starts_on
        and shipments.customer_id is not null
    group by {{ first_of_month('shipped.delivered_on') }}, shipments.customer_id
)

select
    by_month.delivered_month_on,
    by_month.customer_id,
    {{ name_or_placeholder('customers.customer_name', 'customer', 'by_month.customer_id') }}
        as customer_name,
    customers.manager_id,
    customers.manager_name,
    cast(by_month.delivered_line_count as integer) as delivered_line_count,
    cast(by_month.returned_line_count as integer) as returned_line_count,
    cast(by_month.delivered_qty as numeric(18, 6)) as delivered_qty,
    cast(by_month.returned_qty as numeric(18, 6)) as returned_qty,
    cast(by_month.returned_qty / nullif(by_month.delivered_qty, 0) as numeric(9, 6))
        as return_rate,
    cast(by_month.returned_line_count * 1.0 / by_month.delivered_line_count as numeric(9, 6))
        as line_return_rate
from by_month
left join customers
    on by_month.customer_id = customers.customer_id
