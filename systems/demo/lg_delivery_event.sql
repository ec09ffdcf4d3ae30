-- What happened on the way. A type without a translation is passed on as it is, for the
-- loader to hold back and not for this query to lose.
with

events as (
    select * from erp.dispatch_event
    where happened_at > current_setting('daymart.since')::timestamptz
),

kinds (type, kind) as (
    values
    ('DEP', 'departed'),
    ('ARR', 'arrived'),
    ('DLV', 'delivered'),
    ('REF', 'refused'),
    ('DIF', 'difference'),
    ('POD', 'pod_confirmed')
),

reporters (code, source) as (
    values
    ('K', 'carrier'),
    ('D', 'driver'),
    ('C', 'customer')
)

select
    events.id::text as event_id,
    events.dispatch_id::text as shipment_id,
    events.line_no::integer as line_no,
    coalesce(kinds.kind, events.type)::text as kind,
    events.happened_at::timestamptz as at,
    events.qty::numeric(18, 6) as qty,
    events.difference::numeric(18, 6) as difference_qty,
    events.cause::text as reason,
    events.signed_by::text as received_by,
    events.proof::text as proof_ref,
    coalesce(reporters.source, events.reported_by)::text as source,
    events.id::text as source_id
from events
left join kinds on events.type = kinds.type
left join reporters on events.reported_by = reporters.code
order by events.id
