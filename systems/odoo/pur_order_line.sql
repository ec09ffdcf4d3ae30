-- uses: company_zone
-- Goods on confirmed purchase orders, in the line's own unit (dozens stay dozens). The line number
-- is the line's id: Odoo numbers no lines and `sequence` may repeat or change.
-- Odoo overwrites the planned date, so only the expected date is known: what was asked for and
-- what the supplier first confirmed are gone. A line is `confirmed` when the supplier answered.
-- The rest will not come when the order is cancelled, or when a receipt was closed without a
-- backorder: a cancelled stock move and none open. The price is after discount.
with move_state as (
    select
        purchase_line_id as line_id,
        bool_or(state = 'cancel') as has_cancelled,
        bool_or(state not in ('cancel', 'done')) as has_open
    from stock_move
    where purchase_line_id is not null
    group by purchase_line_id
),

line as (
    select
        l.*,
        o.state = 'cancel' as is_order_cancelled,
        coalesce(o.mail_reminder_confirmed, false)
        or coalesce(o.mail_reception_confirmed, false) as is_answered,
        kind.warehouse_id,
        z.tz,
        coalesce(l.qty_received, 0) as received,
        o.state = 'cancel' or coalesce(m.has_cancelled and not m.has_open, false) as is_closed
    from purchase_order_line as l
    inner join purchase_order as o on o.id = l.order_id
    inner join company_zone as z on z.company_id = o.company_id
    inner join product_product as v on v.id = l.product_id
    inner join product_template as t on t.id = v.product_tmpl_id and t.type = 'consu'
    left join stock_picking_type as kind on kind.id = o.picking_type_id
    left join move_state as m on m.line_id = l.id
    where
        l.display_type is null
        and (
            o.state in ('purchase', 'done')
            or (o.state = 'cancel' and o.date_approve is not null)
        )
)

select
    l.order_id::text as po_id,
    l.id::integer as line_no,
    l.product_id::text as product_id,
    l.warehouse_id::text as warehouse_id,
    round(l.product_qty, 6)::numeric(18, 6) as qty,
    (unit.name ->> 'en_US')::text as uom,
    round(l.price_unit * (1 - coalesce(l.discount, 0) / 100), 8)::numeric(18, 8) as price,
    null::date as requested_date,
    null::date as first_confirmed_date,
    (l.date_planned at time zone 'UTC' at time zone l.tz)::date as expected_date,
    case
        when l.received >= l.product_qty and l.received > 0 then 'received'
        when l.is_order_cancelled or (l.is_closed and l.received = 0) then 'cancelled'
        when l.is_closed then 'received'
        when l.is_answered then 'confirmed'
        else 'ordered'
    end as state,
    case
        when l.is_closed then round(greatest(l.product_qty - l.received, 0), 6)
        else 0
    end::numeric(18, 6) as cancelled_qty,
    l.id::text as source_id
from line as l
inner join uom_uom as unit on unit.id = l.product_uom
