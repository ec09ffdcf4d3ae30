-- An order leaves whole, on its shipped date. Some new orders carry one already: they have left.
select
    o.id as shipment_id,
    o.id as number,
    o.id as order_id,
    'NW' as warehouse_id,
    o.customer_id,
    null as route_id,
    s.company as carrier,
    o.shipped_date as issued_at,
    null as planned_delivery_from,
    null as planned_delivery_to,
    false as pod_required,
    null as cancels_shipment_id,
    o.shipped_date as changed_at,
    o._file,
    o._line,
    o._defect
from orders as o
left join shippers as s on s.id = o.shipper_id and s._defect is null
where o.shipped_date is not null or o._defect is not null
