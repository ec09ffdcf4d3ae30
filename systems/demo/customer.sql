-- Customers are the partners that buy. People know them by code, so the code is the key;
-- the group a customer belongs to is kept by number and looked up for its code.
with

partners as (
    select * from erp.partner
),

customers as (
    select * from partners
    where buys
)

select
    customers.code::text as customer_id,
    customers.title::text as name,
    customers.tax_no::text as tax_no,
    parents.code::text as parent_id,
    customers.manager_no::text as manager_id,
    customers.route::text as route_id,
    customers.area::text as territory,
    customers.segment::text as segment,
    customers.terms_days::integer as terms_days,
    customers.grade::text as tier,
    customers.risky::boolean as risk_flag,
    customers.terms_since::date as valid_from,
    customers.id::text as source_id
from customers
left join partners as parents on customers.group_id = parents.id
order by customers.id
