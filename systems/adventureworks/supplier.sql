select
    "BusinessEntityID" as supplier_id,
    "Name" as name,
    null as tax_no,
    _file,
    _line,
    _defect
from vendor
