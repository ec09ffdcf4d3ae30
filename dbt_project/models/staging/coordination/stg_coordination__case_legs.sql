with case_legs as (
    select * from {{ source('coordination', 'case_leg') }}
)

select
    case_id,
    leg_no,
    department_id,
    owner_id,

    source_system,
    source_id
from case_legs
