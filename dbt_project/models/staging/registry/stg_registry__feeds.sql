select
    feed_id,
    owner_id,
    deputy_id,
    head_id,
    valid_from,
    valid_to,

    source_system,
    source_id
from {{ source('registry', 'feed_registry') }}
