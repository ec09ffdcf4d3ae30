{{ config(unique_key='error_id') }}

select
    error_id,
    pick_line_id,
    kind as error_kind,
    qty as source_qty,
    found_at as found_where,
    found_ts as found_at,
    case_id,

    source_system,
    source_id
from {{ source('warehouse', 'wh_pick_error') }}
