with versions as (
    {{ versions_told('reference', 'employee', ['employee_id', 'valid_from'], [
        'employee_id', 'valid_from', 'name', 'department_id', 'stage', 'head_id', 'is_active',
    ]) }}
)

select
    employee_id,
    valid_from as stated_from,
    name as employee_name,
    department_id,
    stage as sales_stage,
    head_id,
    is_active,

    version_no,
    is_listed,
    is_last,

    source_system,
    source_id
from versions
