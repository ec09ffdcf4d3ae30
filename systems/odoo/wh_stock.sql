-- uses: place, base_unit
-- Quants by warehouse, product, lot and status. Odoo keeps only the current quants, so the query
-- must run after the day's last posting; `as_of` is the name of that evening.
-- Goods in the quality control location are in quarantine, goods in transit are in transfer:
-- Odoo's "on hand" is the sum of all statuses over the warehouses that are not transit.
-- Packages and owners are summed up; goods of other owners count, as they do in Odoo.
-- Quants of zero come and go by Odoo's housekeeping and are dropped. The lot is the lot's row id:
-- its name may be changed, and movements would keep the old one.
with closing as (
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
