-- What sellers planned and did.
with

touches as (
    select * from erp.touch
),

partners as (
    select * from erp.partner
),

kinds (type, kind) as (
    values
    ('CAL', 'call'),
    ('MTG', 'meeting'),
    ('OFF', 'offer'),
    ('DEM', 'demo'),
    ('EQP', 'equipment_placed'),
    ('POS', 'pos_material')
)

select
    touches.id::text as activity_id,
    coalesce(kinds.kind, touches.type)::text as kind,
    touches.planned_at::timestamptz as planned_at,
    touches.done_at::timestamptz as done_at,
    touches.staff_no::text as employee_id,
    partners.code::text as customer_id,
    touches.lead_id::text as lead_id,
    touches.seconds::integer as duration_s,
    touches.result::text as outcome,
    touches.id::text as source_id
from touches
left join kinds on touches.type = kinds.type
left join partners on touches.partner_id = partners.id
order by touches.id
