-- uses: company_zone
-- Confirmed purchase orders, and confirmed ones cancelled later: their receipts still point at
-- them. Requests for quotation are not orders. The supplier is the commercial partner; dates are
-- those of the company's own time zone. Names of delivery terms are not read.
select
    o.id::text as po_id,
    o.name::text as number,
    coalesce(p.commercial_partner_id, p.id)::text as supplier_id,
    (coalesce(o.date_approve, o.date_order) at time zone 'UTC' at time zone z.tz)::date
        as order_date,
    currency.name::text as currency,
    null::text as incoterm,
    buyer.id::text as buyer_id,
    o.id::text as source_id
from purchase_order as o
inner join company_zone as z on z.company_id = o.company_id
inner join res_partner as p on p.id = o.partner_id
inner join res_currency as currency on currency.id = o.currency_id
left join res_users as buyer on buyer.id = o.user_id and buyer.share is not true
where
    o.state in ('purchase', 'done')
    or (o.state = 'cancel' and o.date_approve is not null)
