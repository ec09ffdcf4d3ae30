-- An order leaves whole, on its shipped date; without one it has not left. The files know days,
-- so a shipment left at the day's start and is promised by the end of the required day.
select
    o.order_id as shipment_id,
    o.order_id as number,
    o.order_id,
    'NW' as warehouse_id,
    o.customer_id,
    null as route_id,
    s.company_name as carrier,
    o.shipped_date || 'T00:00:00' as issued_at,
    null as planned_delivery_from,
    o.required_date || 'T23:59:59' as planned_delivery_to,
    false as pod_required,
    null as cancels_shipment_id,
    o.shipped_date || 'T00:00:00' as changed_at,
    o._file,
    o._line,
    o._defect
from orders as o
left join shippers as s on s.shipper_id = o.ship_via and s._defect is null
where o.shipped_date is not null or o._defect is not null
