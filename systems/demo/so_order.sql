-- Confirmed sales orders.
with

sales as (
    select * from erp.sale
    where touched_on >= current_setting('daymart.since')::timestamptz::date
),

partners as (
    select * from erp.partner
)

select
    sales.id::text as order_id,
    sales.no::text as number,
    partners.code::text as customer_id,
    sales.seller_no::text as employee_id,
    sales.confirmed_on::date as order_date,
    sales.currency::text as currency,
    coalesce(sales.agreement, '')::text as contract_id,
    sales.prepaid::boolean as prepaid,
    sales.id::text as source_id
from sales
left join partners on sales.partner_id = partners.id
order by sales.id
