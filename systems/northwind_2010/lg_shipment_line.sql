-- The lines of orders that have left.
select
    l.order_id as shipment_id,
    l.id as line_no,
    l.order_id,
    l.id as order_line_no,
    l.product_id,
    l.quantity as qty,
    'pcs' as uom,
    o.shipped_date as changed_at,
    l._file,
    l._line,
    l._defect
from order_details as l
left join orders as o on o.id = l.order_id and o._defect is null
where o.shipped_date is not null or l._defect is not null
