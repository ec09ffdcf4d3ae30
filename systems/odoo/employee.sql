-- Internal users: they are who Odoo's orders, invoices and customers name. Portal and public
-- users are left out. Archived users stay, because old orders still name them.
-- Odoo keeps no history of a user, so the row is true from a fixed early day. The department is
-- the sales team and its leader the head; a user of no team is `unassigned`.
select
    u.id::text as employee_id,
    date '1900-01-01' as valid_from,
    coalesce(p.name, u.login)::text as name,
    coalesce(u.sale_team_id::text, 'unassigned') as department_id,
    null::text as stage,
    nullif(team.user_id, u.id)::text as head_id,
    coalesce(u.active, false) as is_active,
    u.id::text as source_id
from res_users as u
left join res_partner as p on p.id = u.partner_id
left join crm_team as team on team.id = u.sale_team_id
where u.share is not true
