-- The sides of tickets.
with

sides as (
    select * from erp.ticket_side
)

select
    sides.ticket_id::text as case_id,
    sides.side_no::integer as leg_no,
    sides.dept::text as department_id,
    sides.owner_no::text as owner_id,
    sides.ticket_id || '/' || sides.side_no as source_id
from sides
order by sides.ticket_id, sides.side_no
