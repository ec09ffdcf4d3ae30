-- Units on order with suppliers: known per product, without order or day. What customers' orders
-- still take away is in so_order_line.
select
    product_id || '-on-order' as planned_movement_id,
    null as planned_at,
    'NW' as warehouse_id,
    null as counterparty_warehouse_id,
    product_id,
    'in' as direction,
    'receipt' as kind,
    units_on_order as qty,
    'pcs' as uom,
    null as document_id,
    null as order_id,
    null as po_id,
    _file,
    _line,
    _defect
from products
where units_on_order is distinct from '0' or _defect is not null
