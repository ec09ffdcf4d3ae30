select
    employee_id,
    valid_from,
    lead(valid_from) over (partition by employee_id order by valid_from) as valid_to,
    name as employee_name,
    department_id,
    stage as sales_stage,
    head_id,
    is_active,

    source_system,
    source_id
from {{ source('reference', 'employee') }}
