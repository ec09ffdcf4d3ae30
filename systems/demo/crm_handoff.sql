-- Leads handed from one person to another.
with

passes as (
    select * from erp.lead_pass
)

select
    passes.id::text as handoff_id,
    passes.lead_id::text as lead_id,
    passes.giver_no::text as giver_id,
    passes.taker_no::text as taker_id,
    passes.given_at::timestamptz as given_at,
    passes.taken_at::timestamptz as accepted_at,
    passes.id::text as source_id
from passes
order by passes.id
