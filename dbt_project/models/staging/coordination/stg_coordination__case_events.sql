select
    event_id,
    case_id,
    leg_no,
    kind as event_kind,
    at as event_at,
    by_id,
    note,

    source_system,
    source_id
from {{ source('coordination', 'case_event') }}
