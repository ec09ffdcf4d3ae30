-- Departments.
with

depts as (
    select * from erp.dept
)

select
    depts.code::text as department_id,
    depts.title::text as name,
    depts.chief_no::text as head_id,
    depts.code::text as source_id
from depts
order by depts.code
