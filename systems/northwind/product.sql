-- Stock and orders are counted in the same unit, the package that quantity_per_unit describes.
select
    p.product_id,
    p.product_id as product_code,
    p.product_name as name,
    null as brand,
    c.category_name as category,
    'pcs' as base_uom,
    null as abc,
    true as whole_units,
    p._file,
    p._line,
    p._defect
from products as p
left join categories as c on c.category_id = p.category_id
