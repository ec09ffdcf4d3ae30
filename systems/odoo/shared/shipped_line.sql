-- Done lines from a place to a customer location, or to inter-company transit, which is a sale to a
-- sister company. The same rows are the `sale_issue` movements of wh_movement.sql.
select
    d.document_id as shipment_id,
    d.move_id,
    d.picking_id,
    d.sale_line_id,
    d.partner_id,
    d.moved_at as issued_at,
    d.changed_at,
    d.product_id,
    d.qty,
    p.warehouse_id
from done_line as d
inner join place as p on p.location_id = d.location_id
inner join stock_location as target on target.id = d.location_dest_id
left join place as inside on inside.location_id = target.id
where
    inside.location_id is null
    and target.usage in ('customer', 'transit')
