with versions as (
    {{ versions_told('reference', 'product', ['product_id'], [
        'product_id', 'product_code', 'name', 'brand', 'category', 'base_uom', 'abc', 'whole_units',
    ]) }}
)

select
    product_id,
    product_code,
    name as product_name,
    brand,
    category,
    base_uom,
    abc as abc_class,
    whole_units as is_whole_units,

    version_no,
    delivered_on,
    is_listed,
    is_last,

    source_system,
    source_id
from versions
