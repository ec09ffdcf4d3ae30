-- Stock move lines that are done, with the paper they stand on and the instant they happened. The
-- paper is the picking, or 'M<move>' where there is none. Movements, shipments and receipts read
-- the same lines, so that they name one paper and one instant for the same goods.
-- `changed_at` looks at line, move and picking: a correction of any of them changes the row.
select
    ml.id,
    coalesce(m.picking_id::text, 'M' || m.id) as document_id,
    m.id as move_id,
    m.picking_id,
    m.sale_line_id,
    m.purchase_line_id,
    m.origin_returned_move_id as returned_move_id,
    m.partner_id,
    ml.product_id,
    coalesce(ml.lot_id::text, '') as lot_id,
    ml.quantity_product_uom as qty,
    ml.location_id,
    ml.location_dest_id,
    coalesce(k.date_done, m.date) at time zone 'UTC' as moved_at,
    greatest(ml.write_date, m.write_date, k.write_date) at time zone 'UTC' as changed_at
from stock_move_line as ml
inner join stock_move as m on m.id = ml.move_id
left join stock_picking as k on k.id = m.picking_id
where ml.state = 'done'
