-- The list is what lies there when it is taken; ModifiedDate is the last count of the row.
select
    getvariable('as_of') as as_of,
    "LocationID" as warehouse_id,
    "ProductID" as product_id,
    '' as lot_id,
    'usable' as quality_status,
    "Quantity" as qty,
    'EA' as uom,
    _file,
    _line,
    _defect
from product_inventory
