with business_calendars as (
    select * from {{ source('registry', 'business_calendar') }}
)

select
    site_id,
    date as calendar_on,
    is_working,

    source_system,
    source_id
from business_calendars
