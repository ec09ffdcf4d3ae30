-- Stock, purchases and receipts are counted alike, in pieces: ReceivedQty goes into stock without
-- conversion, and how many pieces a vendor's carton or case holds is in no file.
select
    p."ProductID" as product_id,
    p."ProductNumber" as product_code,
    p."Name" as name,
    null as brand,
    c."Name" || ' / ' || s."Name" as category,
    'EA' as base_uom,
    null as abc,
    true as whole_units,
    p._file,
    p._line,
    p._defect
from product as p
left join product_subcategory as s on s."ProductSubcategoryID" = p."ProductSubcategoryID"
left join product_category as c on c."ProductCategoryID" = s."ProductCategoryID"
