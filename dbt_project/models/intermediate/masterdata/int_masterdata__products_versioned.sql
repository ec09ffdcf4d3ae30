with versions as (
    {{ dated_versions(
        ref('stg_reference__product_versions'),
        'product_id',
        ['brand', 'category', 'abc_class']
    ) }}
),

last_told as (
    select * from {{ ref('stg_reference__product_versions') }}
    where is_last
)

select
    versions.product_id,
    versions.valid_from,
    versions.valid_to,
    versions.brand,
    versions.category,
    versions.abc_class,
    versions.is_listed,
    versions.begins_on as told_from,

    last_told.product_code,
    last_told.product_name,
    last_told.base_uom,
    last_told.is_whole_units,

    versions.source_system,
    versions.source_id
from versions
inner join last_told
    on versions.product_id = last_told.product_id
