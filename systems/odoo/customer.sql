-- uses: main_company
-- Commercial partners (the company behind a contact) that were ever a customer: by rank, on a
-- posted receivable, a sales order or a delivery. Addresses and contact persons are not customers.
-- Properties are jsonb by company: read at the partner's own company, else the main company.
-- terms_days is filled only for plain "so many days" terms; end-of-month terms have no such
-- number, and invoices bring their own due dates. risk_flag is Odoo's "bad debtor".
-- The manager is the contact's salesperson; many companies leave it empty, then the seller of the
-- customer's latest confirmed order answers, if that user is still active (Odoo's robot is not).
with mention as (
    select id as partner_id from res_partner
    where customer_rank > 0
    union
    select l.partner_id from account_move_line as l
    inner join account_account as a on a.id = l.account_id
    where a.account_type = 'asset_receivable' and l.parent_state = 'posted'
    union
    select partner_id from sale_order
    union
    select k.partner_id
    from stock_picking as k
    inner join stock_location as target on target.id = k.location_dest_id
    where target.usage = 'customer' or (target.usage = 'transit' and target.company_id is null)
    union
    select m.partner_id
    from stock_move as m
    inner join stock_location as target on target.id = m.location_dest_id
    where m.picking_id is null and m.state = 'done' and target.usage = 'customer'
),

customer_key as (
    select distinct coalesce(p.commercial_partner_id, p.id) as partner_id
    from mention as m
    inner join res_partner as p on p.id = m.partner_id
),

plain_terms as (
    select
        payment_id as term_id,
        max(nb_days) as terms_days
    from account_payment_term_line
    group by payment_id
    having bool_and(delay_type = 'days_after')
),

latest_seller as (
    select distinct on (coalesce(p.commercial_partner_id, p.id))
        coalesce(p.commercial_partner_id, p.id) as partner_id,
        o.user_id
    from sale_order as o
    inner join res_partner as p on p.id = o.partner_id
    inner join res_users as u on u.id = o.user_id
    where o.state in ('sale', 'done') and u.active and u.share is not true
    order by coalesce(p.commercial_partner_id, p.id), o.date_order desc, o.id desc
),

customer as (
    select
        p.id,
        p.name,
        p.complete_name,
        p.ref,
        p.vat,
        p.parent_id,
        p.user_id,
        p.country_id,
        p.trust,
        p.property_payment_term_id,
        coalesce(p.company_id, main_company.company_id)::text as property_company
    from customer_key as k
    inner join res_partner as p on p.id = k.partner_id
    cross join main_company
)

select
    c.id::text as customer_id,
    coalesce(c.name, c.complete_name, c.ref, 'Partner ' || c.id)::text as name,
    nullif(trim(c.vat), '')::text as tax_no,
    parent_key.partner_id::text as parent_id,
    coalesce(salesperson.id, seller.user_id)::text as manager_id,
    null::text as route_id,
    (country.name ->> 'en_US')::text as territory,
    null::text as segment,
    t.terms_days::integer as terms_days,
    null::text as tier,
    coalesce(c.trust ->> c.property_company = 'bad', false) as risk_flag,
    null::date as valid_from,
    c.id::text as source_id
from customer as c
left join res_partner as parent on parent.id = c.parent_id
left join customer_key as parent_key
    on
        parent_key.partner_id = coalesce(parent.commercial_partner_id, parent.id)
        and parent_key.partner_id <> c.id
left join latest_seller as seller on seller.partner_id = c.id
left join res_users as salesperson
    on salesperson.id = c.user_id and salesperson.share is not true
left join res_country as country on country.id = c.country_id
left join plain_terms as t
    on t.term_id = (c.property_payment_term_id ->> c.property_company)::integer
