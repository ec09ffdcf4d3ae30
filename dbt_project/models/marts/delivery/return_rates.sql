with delivered as (
    select * from {{ ref('int_delivery__shipments_tallied') }}
),

outcomes as (
    select * from {{ ref('int_delivery__outcomes_reported') }}
    where is_standing and delivered_on is not null
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

delivered_by_month as (
    select
        delivered.delivered_month_on,
        delivered.customer_id,
        sum(delivered.line_count) as delivered_line_count,
        sum(delivered.delivered_qty) as delivered_qty
    from delivered
    cross join return_window
    where delivered.delivered_month_on >= return_window.starts_on
    group by delivered.delivered_month_on, delivered.customer_id
),

returned_by_line as (
    select
        shipment_id,
        shipment_line_no,
        customer_id,
        sum(received_qty) as received_qty
    from returned
    group by shipment_id, shipment_line_no, customer_id
),

-- A return belongs to the month its goods were delivered in, whenever it came.
returned_by_month as (
    select
        {{ first_of_month('outcomes.delivered_on') }} as delivered_month_on,
        returned_by_line.customer_id,
        count(*) as returned_line_count,
        sum(returned_by_line.received_qty) as returned_qty
    from returned_by_line
    inner join outcomes
        on
            returned_by_line.shipment_id = outcomes.shipment_id
            and returned_by_line.shipment_line_no = outcomes.line_no
    group by {{ first_of_month('outcomes.delivered_on') }}, returned_by_line.customer_id
),

by_month as (
    select
        delivered_by_month.delivered_month_on,
        delivered_by_month.customer_id,
        delivered_by_month.delivered_line_count,
        delivered_by_month.delivered_qty,
        coalesce(returned_by_month.returned_line_count, 0) as returned_line_count,
        coalesce(returned_by_month.returned_qty, 0) as returned_qty
    from delivered_by_month
    left join returned_by_month
        on
            delivered_by_month.delivered_month_on = returned_by_month.delivered_month_on
            and delivered_by_month.customer_id = returned_by_month.customer_id
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
