-- A customer is a store, or a person: persons' names are in no file, they carry their account
-- number. A store's salesperson answers for it.
select
    c."CustomerID" as customer_id,
    coalesce(s."Name", c."AccountNumber") as name,
    null as tax_no,
    null as parent_id,
    s."SalesPersonID" as manager_id,
    null as route_id,
    t."Name" as territory,
    case when c."StoreID" is null then 'person' else 'store' end as segment,
    null as terms_days,
    null as tier,
    false as risk_flag,
    null as valid_from,
    c._file,
    c._line,
    c._defect
from customer as c
left join store as s on s."BusinessEntityID" = c."StoreID"
left join sales_territory as t on t."TerritoryID" = c."TerritoryID"
