-- A product is kept in the unit that quantity_per_unit describes: cases, jars, boxes.
select
    id as product_id,
    product_code,
    product_name as name,
    null as brand,
    category,
    'pcs' as base_uom,
    null as abc,
    true as whole_units,
    _file,
    _line,
    _defect
from products
