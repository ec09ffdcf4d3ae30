-- Claims. The ERP closes a claim with one state and names the ending apart; the contract's
-- state is the ending itself.
with

claims as (
    select * from erp.claim
),

endings (code, outcome) as (
    values
    ('M', 'refunded'),
    ('G', 'replaced'),
    ('B', 'returned_to_customer'),
    ('W', 'scrapped')
),

states (code, state) as (
    values
    ('N', 'draft'),
    ('C', 'confirmed'),
    ('A', 'received'),
    ('L', 'inspected'),
    ('X', 'cancelled')
)

select
    claims.id::text as rma_id,
    claims.line_no::integer as line_no,
    claims.dispatch_id::text as shipment_id,
    claims.dispatch_line::integer as shipment_line_no,
    claims.qty::numeric(18, 6) as qty,
    claims.cause::text as reason,
    coalesce(
        case when claims.state = 'Z' then endings.outcome end, states.state, claims.state
    )::text as state,
    claims.opened_at::timestamptz as opened_at,
    claims.came_at::timestamptz as received_at,
    claims.looked_at::timestamptz as inspected_at,
    claims.closed_at::timestamptz as closed_at,
    coalesce(endings.outcome, claims.ending)::text as outcome,
    claims.note_id::text as credit_document_id,
    claims.id || '/' || claims.line_no as source_id
from claims
left join endings on claims.ending = endings.code
left join states on claims.state = states.code
order by claims.id, claims.line_no
