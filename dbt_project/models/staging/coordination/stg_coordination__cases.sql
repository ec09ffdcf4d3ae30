select
    case_id,
    kind as case_kind,
    customer_id,
    order_id,
    order_line_no,
    object_ref,
    priority,
    opened_at,
    opened_by as opened_by_id,

    source_system,
    source_id
from {{ source('coordination', 'case_header') }}
