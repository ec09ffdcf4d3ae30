select
    site_id,
    date as calendar_on,
    is_working,
    -- Wall clock of the site, HH:MM; empty on days off.
    open_from as opens_at,
    open_to as closes_at,
    tz as site_tz,

    source_system,
    source_id
from {{ source('registry', 'business_calendar') }}
