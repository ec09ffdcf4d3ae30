-- uses: place, base_unit, done_line, shipped_line
-- Goods that left a warehouse for a customer: done lines from a warehouse to a customer location
-- (or to inter-company transit, which is a sale to a sister company). The same rows are the
-- `sale_issue` movements of wh_movement.sql, with the same paper id and the same instant.
-- A picking is a shipment; goods that left without one (shop sales) are shipment 'M<move>'.
-- One line per stock move; its number is the move's id, which never changes. Base unit.
-- Every row comes each evening: a row rests on several tables, and none of their instants tells
-- all of its changes. `changed_at` is the latest instant of its stock moves and its picking.
select
    s.shipment_id,
    s.move_id::integer as line_no,
    sale.order_id::text as order_id,
    s.sale_line_id::integer as order_line_no,
    s.product_id::text as product_id,
    round(sum(s.qty), 6)::numeric(18, 6) as qty,
    u.uom,
    max(s.changed_at) as changed_at,
    s.move_id::text as source_id
from shipped_line as s
inner join base_unit as u on u.product_id = s.product_id
left join sale_order_line as sale on sale.id = s.sale_line_id
group by
    s.shipment_id, s.move_id, sale.order_id, s.sale_line_id, s.product_id, u.uom
