select
    supplier_id,
    company_name as name,
    null as tax_no,
    _file,
    _line,
    _defect
from suppliers
