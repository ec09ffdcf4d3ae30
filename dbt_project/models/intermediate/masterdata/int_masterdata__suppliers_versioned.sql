with versions as (
    {{ dated_versions(ref('stg_reference__supplier_versions'), 'supplier_id', []) }}
),

last_told as (
    select * from {{ ref('stg_reference__supplier_versions') }}
    where is_last
)

select
    versions.supplier_id,
    versions.valid_from,
    versions.valid_to,
    versions.is_listed,
    versions.begins_on as told_from,

    last_told.supplier_name,
    last_told.tax_no,

    versions.source_system,
    versions.source_id
from versions
inner join last_told
    on versions.supplier_id = last_told.supplier_id
