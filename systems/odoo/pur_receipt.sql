-- Done lines from a supplier, and back to one as negative rows, per stock move in the base
-- unit. Goods that go straight from supplier to customer are received against their purchase line
-- too, without a status: they never lie in a warehouse. Odoo knows one instant, when the receipt
-- was validated; it stands for both arrival and entry. Numbers as in wh_movement.sql.
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

received_line as (
    select
        coalesce(m.picking_id::text, 'M' || m.id) as receipt_id,
        m.id as move_id,
        m.purchase_line_id,
        coalesce(k.date_done, m.date) at time zone 'UTC' as received_at,
        ml.product_id,
        case
            when source.usage = 'supplier' then ml.quantity_product_uom
            else -ml.quantity_product_uom
        end as qty,
        coalesce(to_place.quality_status, from_place.quality_status) as quality_status
    from stock_move_line as ml
    inner join stock_move as m on m.id = ml.move_id
    left join stock_picking as k on k.id = m.picking_id
    inner join stock_location as source on source.id = ml.location_id
    inner join stock_location as target on target.id = ml.location_dest_id
    left join place as from_place on from_place.location_id = source.id
    left join place as to_place on to_place.location_id = target.id
    where
        ml.state = 'done'
        and (source.usage = 'supplier') <> (target.usage = 'supplier')
        and (
            m.purchase_line_id is not null
            or from_place.location_id is not null
            or to_place.location_id is not null
        )
)

select
    r.receipt_id,
    r.move_id::integer as line_no,
    l.order_id::text as po_id,
    r.purchase_line_id::integer as po_line_no,
    r.received_at,
    r.received_at as entered_at,
    round(sum(r.qty), 6)::numeric(18, 6) as qty,
    u.uom,
    min(r.quality_status) as quality_status,
    r.move_id::text as source_id
from received_line as r
inner join base_unit as u on u.product_id = r.product_id
left join purchase_order_line as l on l.id = r.purchase_line_id
group by
    r.receipt_id, r.move_id, l.order_id, r.purchase_line_id, r.received_at, u.uom
