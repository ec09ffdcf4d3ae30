-- uses: place, base_unit, done_line
-- Done lines from a supplier, and back to one as negative rows, per stock move in the base
-- unit. Goods that go straight from supplier to customer are received against their purchase line
-- too, without warehouse or status: they never lie in one. Odoo knows one instant, when the receipt
-- was validated; it stands for both arrival and entry. Numbers as in wh_movement.sql.
with received_line as (
    select
        d.document_id as receipt_id,
        d.move_id,
        d.purchase_line_id,
        d.moved_at as received_at,
        d.product_id,
        case when source.usage = 'supplier' then d.qty else -d.qty end as qty,
        coalesce(to_place.warehouse_id, from_place.warehouse_id) as warehouse_id,
        coalesce(to_place.quality_status, from_place.quality_status) as quality_status
    from done_line as d
    inner join stock_location as source on source.id = d.location_id
    inner join stock_location as target on target.id = d.location_dest_id
    left join place as from_place on from_place.location_id = source.id
    left join place as to_place on to_place.location_id = target.id
    where
        (source.usage = 'supplier') <> (target.usage = 'supplier')
        and (
            d.purchase_line_id is not null
            or from_place.location_id is not null
            or to_place.location_id is not null
        )
)

select
    r.receipt_id,
    r.move_id::integer as line_no,
    l.order_id::text as po_id,
    r.purchase_line_id::integer as po_line_no,
    r.product_id::text as product_id,
    min(r.warehouse_id) as warehouse_id,
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
    r.receipt_id, r.move_id, l.order_id, r.purchase_line_id, r.product_id, r.received_at, u.uom
