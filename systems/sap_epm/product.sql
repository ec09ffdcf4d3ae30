-- The names are in a text table that is not exported: a product is named by its id.
select
    "PRODUCTID" as product_id,
    "PRODUCTID" as product_code,
    "PRODUCTID" as name,
    null as brand,
    "CATEGORY" as category,
    "QUANTITYUNIT" as base_uom,
    null as abc,
    true as whole_units,
    _file,
    _line,
    _defect
from products
