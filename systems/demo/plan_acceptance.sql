-- Who signed which version of the targets.
with

signatures as (
    select * from erp.target_signature
)

select
    signatures.version::text as plan_version,
    signatures.staff_no::text as employee_id,
    signatures.signed_at::timestamptz as accepted_at,
    signatures.version || '/' || signatures.staff_no as source_id
from signatures
order by signatures.version, signatures.staff_no
