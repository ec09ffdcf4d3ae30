with calendars as (
    select * from {{ source('ops', 'calendar') }}
)

select
    calendar_id,
    day as calendar_on,
    is_working
from calendars
