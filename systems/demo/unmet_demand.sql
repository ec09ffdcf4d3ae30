-- What customers asked for and did not get.
with

asks as (
    select * from erp.ask
),

partners as (
    select * from erp.partner
),

reasons (code, reason) as (
    values
    ('N', 'absent'),
    ('L', 'late'),
    ('P', 'price'),
    ('R', 'not_in_range')
)

select
    asks.id::text as demand_id,
    asks.asked_at::timestamptz as asked_at,
    asks.staff_no::text as employee_id,
    partners.code::text as customer_id,
    asks.item_id::text as product_id,
    asks.words::text as description,
    asks.qty::numeric(18, 6) as qty,
    coalesce(reasons.reason, asks.why)::text as reason,
    asks.lost::boolean as lost,
    asks.id::text as source_id
from asks
left join partners on asks.partner_id = partners.id
left join reasons on asks.why = reasons.code
order by asks.id
