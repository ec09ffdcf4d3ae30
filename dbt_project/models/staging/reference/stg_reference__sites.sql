select
    site_id,
    name as site_name,
    tz as site_tz,

    source_system,
    source_id
from {{ source('reference', 'site') }}
