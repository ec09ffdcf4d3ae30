select
    case_id,
    leg_no,
    department_id,
    owner_id,

    source_system,
    source_id
from {{ source('coordination', 'case_leg') }}
