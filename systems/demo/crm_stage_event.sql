-- uses: stages
-- Steps of leads, in order; a lead's first step comes from no stage.
with

steps as (
    select * from erp.lead_step
    where at > current_setting('daymart.since')::timestamptz
)

select
    steps.id::text as event_id,
    steps.lead_id::text as lead_id,
    coalesce(former.stage, steps.was)::text as from_stage,
    coalesce(later.stage, steps.becomes)::text as to_stage,
    steps.at::timestamptz as at,
    steps.by_no::text as by_id,
    steps.worth::numeric(18, 2) as value,
    steps.id::text as source_id
from steps
left join stages as former on steps.was = former.code
left join stages as later on steps.becomes = later.code
order by steps.id
