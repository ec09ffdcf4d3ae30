-- uses: place, base_unit
-- Move lines that are not done hold stock in Odoo: their quantities add up to
-- stock_quant.reserved_quantity, and unlike quants they say for which order. All are hard: Odoo
-- subtracts each from "free to use", those for transfers and scrap too. Goods without kept stock
-- are never held. A reservation lives as long as its line; Odoo keeps no released ones.
with held as (
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
