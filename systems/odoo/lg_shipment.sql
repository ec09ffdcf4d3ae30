-- uses: place, done_line, shipped_line
-- Goods that left a warehouse for a customer: done lines from a warehouse to a customer location
-- (or to inter-company transit, which is a sale to a sister company). The same rows are the
-- `sale_issue` movements of wh_movement.sql, with the same paper id and the same instant.
-- A picking is a shipment; goods that left without one (shop sales) are shipment 'M<move>'.
-- Odoo cannot cancel a done delivery; what comes back is a return (`return_in` in wh_movement), so
-- no shipment cancels another. Straight deliveries from supplier to customer never were in our
-- warehouse and are no shipments of it. Odoo knows one promised date, the end of the window.
-- Every row comes each evening: a row rests on several tables, and none of their instants tells
-- all of its changes. `changed_at` is the latest instant of its stock moves and its picking.
with shipment as (
    select
        s.shipment_id,
        s.picking_id,
        min(s.issued_at) as issued_at,
        max(s.changed_at) as changed_at,
        min(s.warehouse_id) as warehouse_id,
        min(s.partner_id) as partner_id,
        min(sale.order_id) as order_id,
        min(sale.order_id) = max(sale.order_id) as has_one_order
    from shipped_line as s
    left join sale_order_line as sale on sale.id = s.sale_line_id
    group by s.shipment_id, s.picking_id
)

select
    s.shipment_id,
    coalesce(k.name, s.shipment_id)::text as number,
    coalesce(case when s.has_one_order then s.order_id end, k.sale_id)::text as order_id,
    s.warehouse_id,
    coalesce(partner.commercial_partner_id, partner.id)::text as customer_id,
    null::text as route_id,
    null::text as carrier,
    s.issued_at,
    null::timestamptz as planned_delivery_from,
    k.date_deadline at time zone 'UTC' as planned_delivery_to,
    false as pod_required,
    null::text as cancels_shipment_id,
    s.changed_at,
    s.shipment_id as source_id
from shipment as s
left join stock_picking as k on k.id = s.picking_id
left join sale_order as o on o.id = s.order_id
left join res_partner as partner
    on partner.id = coalesce(o.partner_id, k.partner_id, s.partner_id)
