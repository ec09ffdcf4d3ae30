-- Transactions on hold. Northwind takes each from what is available, with an order line or without
-- one, so all are hard. The files keep no released ones.
select
    t.id as reservation_id,
    coalesce(t.customer_order_id, l.order_id) as order_id,
    l.id as order_line_no,
    t.product_id,
    'NW' as warehouse_id,
    t.quantity as qty,
    'pcs' as uom,
    true as hard,
    t.transaction_created_date as made_at,
    null as valid_until,
    null as made_by,
    null as approved_by,
    null as released_at,
    null as release_reason,
    t._file,
    t._line,
    t._defect
from inventory_transactions as t
left join order_details as l on l.inventory_id = t.id and l._defect is null
where t.transaction_type = '3' or t._defect is not null
