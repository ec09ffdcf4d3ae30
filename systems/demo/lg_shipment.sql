-- Dispatches. A cancellation is a dispatch of its own that names the one it takes back. The ERP
-- writes a dispatch once, when it is issued, and never again: that instant is the cursor.
with

dispatches as (
    select * from erp.dispatch
    where issued_at > current_setting('daymart.since')::timestamptz
),

partners as (
    select * from erp.partner
)

select
    dispatches.id::text as shipment_id,
    dispatches.no::text as number,
    dispatches.sale_id::text as order_id,
    dispatches.store::text as warehouse_id,
    partners.code::text as customer_id,
    dispatches.route::text as route_id,
    dispatches.carrier::text as carrier,
    dispatches.issued_at::timestamptz as issued_at,
    dispatches.slot_from::timestamptz as planned_delivery_from,
    dispatches.slot_to::timestamptz as planned_delivery_to,
    dispatches.wants_signature::boolean as pod_required,
    dispatches.cancels_id::text as cancels_shipment_id,
    dispatches.issued_at::timestamptz as changed_at,
    dispatches.id::text as source_id
from dispatches
left join partners on dispatches.partner_id = partners.id
order by dispatches.id
