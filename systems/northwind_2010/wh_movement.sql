-- Inventory transactions: 1 purchased, 2 sold, 4 waste. 3 is on hold: no goods move, they are a
-- reservation. A transaction is the one of the order line or purchase line that names it.
select
    t.id as movement_id,
    t.transaction_created_date as moved_at,
    'NW' as warehouse_id,
    t.product_id,
    '' as lot_id,
    'usable' as quality_status,
    case
        when t.transaction_type in ('2', '4')
            then coalesce((-try_cast(t.quantity as decimal(18, 6)))::varchar, t.quantity)
        else t.quantity
    end as qty,
    'pcs' as uom,
    case t.transaction_type
        when '1' then 'receipt'
        when '2' then 'sale_issue'
        when '4' then 'other_issue'
        else t.transaction_type
    end as kind,
    coalesce(t.customer_order_id, l.order_id, t.purchase_order_id, p.purchase_order_id)
        as document_id,
    coalesce(l.id, p.id) as document_line_no,
    null as reverses_movement_id,
    t.transaction_modified_date as changed_at,
    t._file,
    t._line,
    t._defect
from inventory_transactions as t
left join order_details as l on l.inventory_id = t.id and l._defect is null
left join purchase_order_details as p on p.inventory_id = t.id and p._defect is null
where t.transaction_type is distinct from '3' or t._defect is not null
