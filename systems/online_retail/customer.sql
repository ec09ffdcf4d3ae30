-- uses: line
-- Customers are numbers without names. A customer's country is that of the latest paper.
-- GUEST stands for everybody who bought without a number.
select
    coalesce(customer_no, 'GUEST') as customer_id,
    coalesce('Customer ' || customer_no, 'Customers without a number') as name,
    null as tax_no,
    null as parent_id,
    null as manager_id,
    null as route_id,
    case when customer_no is not null then arg_max(country, invoiced_at || paper) end as territory,
    case when customer_no is null then 'guest' end as segment,
    null as terms_days,
    null as tier,
    false as risk_flag,
    null as valid_from,
    null as _file,
    null as _line,
    null as _defect
from line
where not is_correction and _defect is null
group by customer_no
union all by name
select
    _file,
    _line,
    _defect
from line
where _defect is not null
