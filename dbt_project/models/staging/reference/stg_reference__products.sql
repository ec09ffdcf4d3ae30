select
    product_id,
    product_code,
    name as product_name,
    brand,
    category,
    base_uom,
    abc as abc_class,
    whole_units as is_whole_units,

    source_system,
    source_id
from {{ source('reference', 'product') }}
