-- Transports: one purchase line each, so a truck with three lines is three rows.
with

transports as (
    select * from erp.purchase_transport
)

select
    transports.id::text as inbound_id,
    transports.purchase_id::text as po_id,
    transports.line_no::integer as line_no,
    transports.left_on::date as shipped_at,
    transports.qty::numeric(18, 6) as qty,
    transports.unit::text as uom,
    transports.carrier::text as carrier,
    transports.waybill::text as document_no,
    transports.owned_from::date as title_passed_at,
    transports.arrived_on::date as arrived_at,
    transports.id::text as source_id
from transports
order by transports.id
