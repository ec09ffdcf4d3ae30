-- Goods that left a warehouse for a customer: done lines from a warehouse to a customer location
-- (or to inter-company transit, which is a sale to a sister company). The same rows are the
-- `sale_issue` movements of wh_movement.sql, with the same paper id and the same instant.
-- A picking is a shipment; goods that left without one (shop sales) are shipment 'M<move>'.
-- Odoo cannot cancel a done delivery; what comes back is a return (`return_in` in wh_movement), so
-- no shipment cancels another. Straight deliveries from supplier to customer never were in our
-- warehouse and are no shipments of it. Odoo knows one promised date, the end of the window.
-- A place is a warehouse (locations of usage internal or transit under its view location, the
-- nearest one if nested) or a company's transit location outside every warehouse.
with place as (
    select distinct on (l.id)
        l.id as location_id,
        coalesce(w.id::text, 'T' || l.id) as warehouse_id,
        w.id is null as is_transit,
        case
            when l.usage = 'transit' then 'in_transfer'
            when starts_with(l.parent_path, qc.parent_path) then 'quarantine'
            else 'usable'
        end as quality_status
    from stock_location as l
    left join (
        stock_warehouse as w
        inner join stock_location as top on top.id = w.view_location_id
    ) on starts_with(l.parent_path, top.parent_path)
    left join stock_location as qc on qc.id = w.wh_qc_stock_loc_id
    where
        (l.usage in ('internal', 'transit') and w.id is not null)
        or (l.usage = 'transit' and l.company_id is not null)
    order by l.id, length(top.parent_path) desc nulls last
),

shipped_line as (
    select
        coalesce(m.picking_id::text, 'M' || m.id) as shipment_id,
        m.id as move_id,
        m.picking_id,
        m.sale_line_id,
        m.partner_id,
        coalesce(k.date_done, m.date) at time zone 'UTC' as issued_at,
        ml.product_id,
        ml.quantity_product_uom as qty,
        p.warehouse_id
    from stock_move_line as ml
    inner join stock_move as m on m.id = ml.move_id
    left join stock_picking as k on k.id = m.picking_id
    inner join place as p on p.location_id = ml.location_id
    inner join stock_location as target on target.id = ml.location_dest_id
    left join place as inside on inside.location_id = target.id
    where
        ml.state = 'done'
        and inside.location_id is null
        and target.usage in ('customer', 'transit')
),

shipment as (
    select
        s.shipment_id,
        s.picking_id,
        min(s.issued_at) as issued_at,
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
    s.shipment_id as source_id
from shipment as s
left join stock_picking as k on k.id = s.picking_id
left join sale_order as o on o.id = s.order_id
left join res_partner as partner
    on partner.id = coalesce(o.partner_id, k.partner_id, s.partner_id)
