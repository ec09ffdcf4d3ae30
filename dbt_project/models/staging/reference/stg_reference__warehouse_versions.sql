with versions as (
    {{ versions_told('reference', 'warehouse', ['warehouse_id'], [
        'warehouse_id', 'name', 'site_id', 'is_transit',
    ]) }}
)

select
    warehouse_id,
    name as warehouse_name,
    site_id,
    is_transit,

    version_no,
    delivered_on,
    is_listed,
    is_last,

    source_system,
    source_id
from versions
