-- A line with a date received is received in full; otherwise the order's status decides. The
-- expected date is empty in all orders.
select
    l.purchase_order_id as po_id,
    l.id as line_no,
    l.product_id,
    'NW' as warehouse_id,
    l.quantity as qty,
    'pcs' as uom,
    l.unit_cost as price,
    null as requested_date,
    null as first_confirmed_date,
    split_part(o.expected_date, ' ', 1) as expected_date,
    case
        when l.date_received is not null then 'received'
        when o.status_id = '1' then 'ordered'
        when o.status_id = '2' then 'confirmed'
        when o.status_id = '3' then 'cancelled'
        else coalesce(o.status_id, 'no such order')
    end as state,
    case when l.date_received is null and o.status_id = '3' then l.quantity else '0' end
        as cancelled_qty,
    l._file,
    l._line,
    l._defect
from purchase_order_details as l
left join purchase_orders as o on o.id = l.purchase_order_id and o._defect is null
where o.status_id is distinct from '0' or l._defect is not null
