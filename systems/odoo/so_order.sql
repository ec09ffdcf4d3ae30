-- uses: company_zone
-- Confirmed sales orders, and confirmed ones cancelled later (they have a procurement group, which
-- an order gets when it is confirmed): their shipments and papers still point at them. Quotations
-- are not orders. Odoo sets date_order when the order is confirmed. An order is prepaid when it is
-- confirmed only by paying it in full online.
select
    o.id::text as order_id,
    o.name::text as number,
    coalesce(p.commercial_partner_id, p.id)::text as customer_id,
    seller.id::text as employee_id,
    (o.date_order at time zone 'UTC' at time zone z.tz)::date as order_date,
    currency.name::text as currency,
    ''::text as contract_id,
    coalesce(o.require_payment and coalesce(o.prepayment_percent, 1) >= 1, false) as prepaid,
    o.id::text as source_id
from sale_order as o
inner join company_zone as z on z.company_id = o.company_id
inner join res_partner as p on p.id = o.partner_id
inner join res_currency as currency on currency.id = o.currency_id
left join res_users as seller on seller.id = o.user_id and seller.share is not true
where
    o.state in ('sale', 'done')
    or (o.state = 'cancel' and o.procurement_group_id is not null)
