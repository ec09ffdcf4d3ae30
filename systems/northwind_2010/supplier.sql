select
    id as supplier_id,
    company as name,
    null as tax_no,
    _file,
    _line,
    _defect
from suppliers
