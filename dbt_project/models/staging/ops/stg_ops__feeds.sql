select
    feed_id,
    valid_from,
    lead(valid_from) over (partition by feed_id order by valid_from) as valid_to,
    department,
    owner_id,
    deputy_id,
    head_id,
    calendar_id,
    deadline_time,
    tz as feed_tz
from {{ source('ops', 'feed') }}
