-- Dispatches. A cancellation is a dispatch of its own that names the one it takes back.
with

dispatches as (
    select * from erp.dispatch
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
    dispatches.id::text as source_id
from dispatches
left join partners on dispatches.partner_id = partners.id
order by dispatches.id
