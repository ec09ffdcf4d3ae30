-- Who is told when; the ERP calls the head of a department its chief.
with

rungs as (
    select * from erp.climb
),

roles (who, to_role) as (
    values
    ('owner', 'owner'),
    ('deputy', 'deputy'),
    ('chief', 'head'),
    ('commercial', 'commercial_director'),
    ('director', 'director')
)

select
    rungs.ladder::text as policy_id,
    rungs.rung::integer as level,
    rungs.after_pct::integer as after_pct,
    coalesce(roles.to_role, rungs.who)::text as to_role,
    rungs.ladder || '/' || rungs.rung as source_id
from rungs
left join roles on rungs.who = roles.who
order by rungs.ladder, rungs.rung
