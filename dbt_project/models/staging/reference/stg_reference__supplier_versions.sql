with versions as (
    {{ versions_told('reference', 'supplier', ['supplier_id'], [
        'supplier_id', 'name', 'tax_no',
    ]) }}
)

select
    supplier_id,
    name as supplier_name,
    tax_no,

    version_no,
    delivered_on,
    is_listed,
    is_last,

    source_system,
    source_id
from versions
