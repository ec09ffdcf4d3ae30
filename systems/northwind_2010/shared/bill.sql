-- Invoices with what they ask for. Their own amount_due is 0 everywhere: the total is that of the
-- order's lines, its shipping fee and its taxes, as the printed invoice adds it up.
with order_total as (
    select
        order_id,
        count(*) = count(try_cast(quantity as decimal(20, 2)))
        and count(*) = count(try_cast(unit_price as decimal(12, 4)))
        and count(*) = count(try_cast(discount as decimal(9, 8))) as is_known,
        sum(
            try_cast(quantity as decimal(20, 2)) * try_cast(unit_price as decimal(12, 4))
            * (1 - try_cast(discount as decimal(9, 8)))
        ) as amount
    from order_details
    where _defect is null
    group by order_id
)

select
    i.id as invoice_id,
    i.order_id,
    o.customer_id,
    split_part(i.invoice_date, ' ', 1) as invoiced_on,
    split_part(i.due_date, ' ', 1) as due_on,
    split_part(o.paid_date, ' ', 1) as paid_on,
    try_cast(o.taxes as decimal(18, 2)) as tax,
    case
        when t.is_known then try_cast(
            t.amount + try_cast(o.shipping_fee as decimal(18, 2))
            + try_cast(o.taxes as decimal(18, 2)) as decimal(18, 2)
        )
    end as amount,
    i._file,
    i._line,
    i._defect
from invoices as i
left join orders as o on o.id = i.order_id and o._defect is null
left join order_total as t on t.order_id = i.order_id
