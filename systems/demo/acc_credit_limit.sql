-- Credit lines; an amount nobody set stays absent, and nothing allowed is a limit of 0.
with

credit_lines as (
    select * from erp.credit_line
),

partners as (
    select * from erp.partner
)

select
    partners.code::text as customer_id,
    ('NL' || credit_lines.entity)::text as legal_entity,
    credit_lines.since::date as valid_from,
    credit_lines.allowed::numeric(18, 2) as limit_amount,
    credit_lines.currency::text as currency,
    credit_lines.stopped::boolean as blocked_by_hand,
    credit_lines.why::text as reason,
    credit_lines.partner_id || '/' || credit_lines.entity || '@' || credit_lines.since as source_id
from credit_lines
left join partners on credit_lines.partner_id = partners.id
order by credit_lines.partner_id, credit_lines.entity, credit_lines.since
