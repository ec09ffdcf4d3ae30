select
    calendar_id,
    day as calendar_on,
    is_working
from {{ source('ops', 'calendar') }}
