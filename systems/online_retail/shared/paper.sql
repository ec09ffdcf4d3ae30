-- Papers of customers, one row each; corrections of the stock are none. 28 % of the lines name
-- no customer (web sales without an account): they are the sales of one customer, GUEST.
-- A total that cannot be added up is handed on as the text that prevents it.
select
    paper,
    is_credit,
    coalesce(min(customer_no), 'GUEST') as customer_id,
    min(invoiced_at) as invoiced_at,
    split_part(min(invoiced_at), ' ', 1) as invoiced_on,
    bool_or(not is_fee) as has_goods,
    -- The shop's own costs: no customer of it owes them.
    bool_and(product_id in ('AMAZONFEE', 'BANK CHARGES') and customer_no is null) as is_cost,
    coalesce(
        min(qty || ' x ' || price) filter (where qty_number * price_number is null),
        try_cast(round(sum(qty_number * price_number), 2) as decimal(18, 2))::varchar
    ) as amount
from line
where not is_correction and _defect is null
group by paper, is_credit
