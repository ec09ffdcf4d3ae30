-- uses: case_kinds, urgencies
-- Tickets of two departments.
with

tickets as (
    select * from erp.ticket
),

partners as (
    select * from erp.partner
)

select
    tickets.id::text as case_id,
    coalesce(case_kinds.kind, tickets.kind)::text as kind,
    partners.code::text as customer_id,
    tickets.sale_id::text as order_id,
    tickets.sale_line::integer as order_line_no,
    tickets.about::text as object_ref,
    coalesce(urgencies.priority, tickets.urgency::text)::text as priority,
    tickets.opened_at::timestamptz as opened_at,
    tickets.opened_by::text as opened_by,
    tickets.id::text as source_id
from tickets
left join case_kinds on tickets.kind = case_kinds.code
left join urgencies on tickets.urgency = urgencies.level
left join partners on tickets.partner_id = partners.id
order by tickets.id
