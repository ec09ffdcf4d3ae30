-- uses: company_zone
-- Goods on confirmed sales orders, in the line's own unit. Services, sections, notes and down
-- payments are no goods: nothing of them is ever shipped. The line number is the line's id.
-- An order cancelled after confirmation keeps its lines with the undelivered rest cancelled.
-- Odoo stores the line total rounded; where price less discount gives that total it is the exact
-- net price, else (tax included in the price) the total by quantity. Tax is not stored as a rate:
-- it comes from two rounded amounts, so four decimals. commitment_date is what was agreed.
select
    l.order_id::text as order_id,
    l.id::integer as line_no,
    l.product_id::text as product_id,
    coalesce(l.warehouse_id, o.warehouse_id)::text as warehouse_id,
    round(l.product_uom_qty, 6)::numeric(18, 6) as qty,
    (unit.name ->> 'en_US')::text as uom,
    case
        when o.state = 'cancel'
            then round(greatest(l.product_uom_qty - coalesce(l.qty_delivered, 0), 0), 6)
        else 0
    end::numeric(18, 6) as cancelled_qty,
    case
        when
            l.product_uom_qty = 0
            or round(l.product_uom_qty * l.price_unit * (1 - coalesce(l.discount, 0) / 100), 2)
            = l.price_subtotal
            then round(l.price_unit * (1 - coalesce(l.discount, 0) / 100), 8)
        else round(l.price_subtotal / l.product_uom_qty, 8)
    end::numeric(18, 8) as price_net,
    round((l.price_total - l.price_subtotal) / nullif(l.price_subtotal, 0), 4)::numeric(18, 8)
        as tax_rate,
    (o.commitment_date at time zone 'UTC' at time zone z.tz)::date as requested_date,
    l.id::text as source_id
from sale_order_line as l
inner join sale_order as o on o.id = l.order_id
inner join company_zone as z on z.company_id = o.company_id
inner join product_product as v on v.id = l.product_id
inner join product_template as t on t.id = v.product_tmpl_id and t.type = 'consu'
inner join uom_uom as unit on unit.id = l.product_uom
where
    l.display_type is null
    and l.is_downpayment is not true
    and (
        o.state in ('sale', 'done')
        or (o.state = 'cancel' and o.procurement_group_id is not null)
    )
