-- What is done about a gap; it belongs to the target of one seller.
with

notes as (
    select * from erp.gap_note
),

states (code, state) as (
    values
    ('O', 'open'),
    ('D', 'done'),
    ('X', 'dropped')
)

select
    notes.id::text as action_id,
    md5(jsonb_build_object('employee', notes.staff_no)::text)::text as slice_hash,
    notes.month::date as period_start,
    notes.cause::text as cause,
    notes.remedy::text as action,
    notes.owner_no::text as owner_id,
    notes.fix_by::date as fix_by,
    coalesce(states.state, notes.state)::text as state,
    notes.closed_at::timestamptz as closed_at,
    notes.id::text as source_id
from notes
left join states on notes.state = states.code
order by notes.id
