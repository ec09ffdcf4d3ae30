-- One site per Odoo company: Odoo keeps no calendar place below the company.
-- The time zone is the one on the company's own contact; Odoo stores every instant in UTC, so a
-- company without a zone keeps UTC dates.
select
    company.id::text as site_id,
    company.name::text as name,
    coalesce(contact.tz, 'UTC')::text as tz,
    company.id::text as source_id
from res_company as company
left join res_partner as contact on contact.id = company.partner_id
