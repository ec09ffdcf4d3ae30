-- Everybody's title is one of the sales department; leavers are on no list.
select
    employee_id,
    hire_date as valid_from,
    first_name || ' ' || last_name as name,
    'sales' as department_id,
    null as stage,
    reports_to as head_id,
    true as is_active,
    _file,
    _line,
    _defect
from employees
