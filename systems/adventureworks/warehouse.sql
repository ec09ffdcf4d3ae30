-- Places of the plant in which stock is counted.
select
    "LocationID" as warehouse_id,
    'AW' as site_id,
    "Name" as name,
    false as is_transit,
    _file,
    _line,
    _defect
from location
