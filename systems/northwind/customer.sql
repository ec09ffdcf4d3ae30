select
    customer_id,
    company_name as name,
    null as tax_no,
    null as parent_id,
    null as manager_id,
    null as route_id,
    country as territory,
    null as segment,
    null as terms_days,
    null as tier,
    false as risk_flag,
    null as valid_from,
    _file,
    _line,
    _defect
from customers
