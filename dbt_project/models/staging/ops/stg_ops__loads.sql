select
    load_id,
    feed_id,
    source_system,
    as_of as business_on,
    state as load_state,
    started_at,
    landed_at,
    accepted_at
from {{ source('ops', 'load') }}
