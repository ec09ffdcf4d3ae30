select
    id,
    sale_id::text,
    sale_line,
    pg_temp.artikel(item_id),
    store,
    pg_temp.tsd(qty),
    case when firm then 'H' else 'W' end,
    made_at at time zone 'UTC',
    until at time zone 'UTC',
    made_by,
    approved_by,
    released_at at time zone 'UTC',
    why_released
from erp.hold
where greatest(made_at, released_at) >= {since}
