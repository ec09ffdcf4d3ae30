-- The products' own count of units in stock, as it is when the list is taken.
select
    getvariable('as_of') as as_of,
    'NW' as warehouse_id,
    product_id,
    '' as lot_id,
    'usable' as quality_status,
    units_in_stock as qty,
    'pcs' as uom,
    _file,
    _line,
    _defect
from products
