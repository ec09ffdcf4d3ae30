-- Quants by warehouse, product, lot and status. Odoo keeps only the current quants, so the query
-- must run after the day's last posting; `as_of` is the name of that evening.
-- A place is a warehouse (locations of usage internal or transit under its view location, the
-- nearest one if nested) or a company's transit location outside every warehouse.
-- Goods in the quality control location are in quarantine, goods in transit are in transfer:
-- Odoo's "on hand" is the sum of all statuses over the warehouses that are not transit.
-- Packages and owners are summed up; goods of other owners count, as they do in Odoo.
-- Quants of zero come and go by Odoo's housekeeping and are dropped. The lot is the lot's row id:
-- its name may be changed, and movements would keep the old one.
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

closing as (
    select
        p.warehouse_id,
        q.product_id,
        coalesce(q.lot_id::text, '') as lot_id,
        p.quality_status,
        sum(q.quantity) as qty
    from stock_quant as q
    inner join place as p on p.location_id = q.location_id
    group by p.warehouse_id, q.product_id, coalesce(q.lot_id::text, ''), p.quality_status
)

select
    current_setting('daymart.as_of')::date as as_of,
    c.warehouse_id,
    c.product_id::text as product_id,
    c.lot_id,
    c.quality_status,
    round(c.qty, 6)::numeric(18, 6) as qty,
    u.uom,
    c.product_id::text as source_id
from closing as c
inner join base_unit as u on u.product_id = c.product_id
where round(c.qty, 6) <> 0
