-- Faults of picking. Missing papers are no quantity.
with

faults as (
    select * from erp.pick_fault
),

kinds (type, kind) as (
    values
    ('SHT', 'short'),
    ('OVR', 'over'),
    ('ITM', 'wrong_item'),
    ('LOT', 'wrong_lot_or_unit'),
    ('DMG', 'damaged'),
    ('PAP', 'missing_papers'),
    ('HID', 'hidden_defect')
),

finders (code, found_at) as (
    values
    ('C', 'check'),
    ('L', 'loading'),
    ('K', 'customer')
)

select
    faults.id::text as error_id,
    faults.pick_id::text as pick_line_id,
    coalesce(kinds.kind, faults.type)::text as kind,
    (case when faults.type <> 'PAP' then faults.qty end)::numeric(18, 6) as qty,
    coalesce(finders.found_at, faults.seen_by)::text as found_at,
    faults.seen_at::timestamptz as found_ts,
    faults.ticket_id::text as case_id,
    faults.id::text as source_id
from faults
left join kinds on faults.type = kinds.type
left join finders on faults.seen_by = finders.code
order by faults.id
