-- The time zone of every company, from its own contact. Odoo stores every instant in UTC; an order
-- belongs to the day it had where the company is. A company without a zone keeps UTC dates.
select
    company.id as company_id,
    coalesce(contact.tz, 'UTC') as tz
from res_company as company
left join res_partner as contact on contact.id = company.partner_id
