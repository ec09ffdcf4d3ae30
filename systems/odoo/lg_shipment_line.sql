-- Goods that left a warehouse for a customer: done lines from a warehouse to a customer location
-- (or to inter-company transit, which is a sale to a sister company). The same rows are the
-- `sale_issue` movements of wh_movement.sql, with the same paper id and the same instant.
-- A picking is a shipment; goods that left without one (shop sales) are shipment 'M<move>'.
-- One line per stock move; its number is the move's id, which never changes. Base unit.
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

base_unit as (
    select
        v.id as product_id,
        (unit.name ->> 'en_US')::text as uom,
        coalesce(t.is_storable, false) as is_storable
    from product_product as v
    inner join product_template as t on t.id = v.product_tmpl_id
    inner join uom_uom as unit on unit.id = t.uom_id
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
)

select
    s.shipment_id,
    s.move_id::integer as line_no,
    sale.order_id::text as order_id,
    s.sale_line_id::integer as order_line_no,
    s.product_id::text as product_id,
    round(sum(s.qty), 6)::numeric(18, 6) as qty,
    u.uom,
    s.move_id::text as source_id
from shipped_line as s
inner join base_unit as u on u.product_id = s.product_id
left join sale_order_line as sale on sale.id = s.sale_line_id
group by
    s.shipment_id, s.move_id, sale.order_id, s.sale_line_id, s.product_id, u.uom
