-- Move lines that are not done hold stock in Odoo: their quantities add up to
-- stock_quant.reserved_quantity, and unlike quants they say for which order. All are hard: Odoo
-- subtracts each from "free to use", those for transfers and scrap too. Goods without kept stock
-- are never held. A reservation lives as long as its line; Odoo keeps no released ones.
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

held as (
    select
        ml.id,
        ml.product_id,
        ml.quantity_product_uom as qty,
        ml.create_date at time zone 'UTC' as made_at,
        ml.create_uid,
        m.sale_line_id,
        coalesce(sale.order_id, k.sale_id) as order_id,
        p.warehouse_id
    from stock_move_line as ml
    inner join place as p on p.location_id = ml.location_id
    left join stock_move as m on m.id = ml.move_id
    left join stock_picking as k on k.id = ml.picking_id
    left join sale_order_line as sale on sale.id = m.sale_line_id
    where ml.state not in ('done', 'cancel') and ml.quantity_product_uom > 0
)

select
    h.id::text as reservation_id,
    h.order_id::text as order_id,
    h.sale_line_id::integer as order_line_no,
    h.product_id::text as product_id,
    h.warehouse_id,
    round(h.qty, 6)::numeric(18, 6) as qty,
    u.uom,
    true as hard,
    h.made_at,
    null::timestamptz as valid_until,
    h.create_uid::text as made_by,
    null::text as approved_by,
    null::timestamptz as released_at,
    null::text as release_reason,
    h.id::text as source_id
from held as h
inner join base_unit as u on u.product_id = h.product_id
where u.is_storable
