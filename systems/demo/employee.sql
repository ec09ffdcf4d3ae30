-- Staff, a row for each change; whoever has a leaving day has left.
with

staff as (
    select * from erp.staff
)

select
    staff.no::text as employee_id,
    staff.since::date as valid_from,
    staff.full_name::text as name,
    staff.dept::text as department_id,
    staff.sales_stage::text as stage,
    staff.boss_no::text as head_id,
    staff.left_on is null as is_active,
    staff.no || '@' || staff.since as source_id
from staff
order by staff.no, staff.since
