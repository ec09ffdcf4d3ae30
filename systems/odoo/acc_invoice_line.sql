-- uses: receivable_line, receivable_item, crossing
-- Lines of posted customer invoices and credit notes; sections and notes bill nothing. Odoo keeps
-- quantities and amounts of both without a sign. The order line is named where it is goods, as in
-- so_order_line.sql, and only one: a line that bills several says of none how much. A down payment
-- names no order line, it bills no goods. Odoo does not say which delivery a line bills. A move of
-- several papers has its lines on the first. Papers and their ids as in acc_document.sql.
with paper as (
    select
        move_id,
        min(document_id) as document_id
    from receivable_item
    group by move_id
),

goods as (
    select
        link.invoice_line_id,
        min(s.order_id) as order_id,
        min(s.id) as order_line_id
    from sale_order_line_invoice_rel as link
    inner join sale_order_line as s on s.id = link.order_line_id
    inner join sale_order as o on o.id = s.order_id
    inner join product_product as v on v.id = s.product_id
    inner join product_template as t on t.id = v.product_tmpl_id and t.type = 'consu'
    where
        s.display_type is null
        and s.is_downpayment is not true
        and (
            o.state in ('sale', 'done')
            or (o.state = 'cancel' and o.procurement_group_id is not null)
        )
    group by link.invoice_line_id
    having min(s.id) = max(s.id)
),

line as (
    select
        l.*,
        case when m.move_type = 'out_refund' then -1 else 1 end as sign
    from account_move_line as l
    inner join account_move as m on m.id = l.move_id
    where
        m.move_type in ('out_invoice', 'out_receipt', 'out_refund')
        and m.state = 'posted'
        and l.display_type = 'product'
)

select
    p.document_id,
    l.id::integer as line_no,
    g.order_id::text as order_id,
    g.order_line_id::integer as order_line_no,
    null::text as shipment_id,
    l.product_id::text as product_id,
    round(l.sign * l.quantity, 6)::numeric(18, 6) as qty,
    coalesce(unit.name ->> 'en_US', 'Units')::text as uom,
    round(l.sign * l.price_subtotal, 2)::numeric(18, 2) as net,
    round(l.sign * (l.price_total - l.price_subtotal), 2)::numeric(18, 2) as tax,
    l.id::text as source_id
from line as l
inner join paper as p on p.move_id = l.move_id
left join goods as g on g.invoice_line_id = l.id
left join uom_uom as unit on unit.id = l.product_uom_id
