-- Private notes and telephone numbers are not read.
select
    id as customer_id,
    coalesce(company, concat_ws(' ', first_name, last_name)) as name,
    null as tax_no,
    null as parent_id,
    null as manager_id,
    null as route_id,
    state_province as territory,
    null as segment,
    null as terms_days,
    null as tier,
    false as risk_flag,
    null as valid_from,
    _file,
    _line,
    _defect
from customers
