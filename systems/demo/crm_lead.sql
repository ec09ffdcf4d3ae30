-- Leads; the customer is named once a lead has become one.
with

leads as (
    select * from erp.lead
),

partners as (
    select * from erp.partner
)

select
    leads.id::text as lead_id,
    leads.came_at::timestamptz as created_at,
    leads.origin::text as source,
    leads.owner_no::text as owner_id,
    partners.code::text as customer_id,
    leads.id::text as source_id
from leads
left join partners on leads.partner_id = partners.id
order by leads.id
