-- Partners we order from, and those named as the supplier of a product.
select
    ltrim(p."PARTNERID", '0') as supplier_id,
    concat_ws(' ', p."COMPANYNAME", p."LEGALFORM") as name,
    null as tax_no,
    p._file,
    p._line,
    p._defect
from business_partner as p
where
    p._defect is not null
    or ltrim(p."PARTNERID", '0') in (
        select ltrim(o."PARTNER.PARTNERID", '0') from purchase_order as o
        union
        select ltrim(i."SUPPLIER.PARTNERID", '0') from products as i
    )
