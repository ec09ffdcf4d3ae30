-- Who is credited with an order; the ERP writes percent, the contract wants a share of 1.
with

shares as (
    select * from erp.sale_share
    where touched_on >= current_setting('daymart.since')::timestamptz::date
)

select
    shares.sale_id::text as order_id,
    shares.staff_no::text as employee_id,
    (shares.pct / 100)::numeric(18, 8) as share,
    shares.sale_id || '/' || shares.staff_no as source_id
from shares
order by shares.sale_id, shares.staff_no
