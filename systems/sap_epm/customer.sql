-- Partners that bought: the role does not tell, role 1 delivers as well. Ids are written with
-- leading zeros in some exports and without in others: here always without.
select
    ltrim(p."PARTNERID", '0') as customer_id,
    concat_ws(' ', p."COMPANYNAME", p."LEGALFORM") as name,
    null as tax_no,
    null as parent_id,
    null as manager_id,
    null as route_id,
    a."REGION" as territory,
    null as segment,
    null as terms_days,
    null as tier,
    false as risk_flag,
    null as valid_from,
    p._file,
    p._line,
    p._defect
from business_partner as p
left join addresses as a on a."ADDRESSID" = p."ADDRESSES.ADDRESSID" and a._defect is null
where
    p._defect is not null
    or ltrim(p."PARTNERID", '0') in (
        select ltrim(o."PARTNER.PARTNERID", '0') from sales_order as o
    )
