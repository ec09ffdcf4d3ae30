with sites as (
    select * from {{ source('reference', 'site') }}
)

select
    site_id,
    name as site_name,
    tz as site_tz,

    source_system,
    source_id
from sites
