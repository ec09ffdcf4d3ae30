-- Which order line a credit line takes back: the customer's latest earlier line of that product at
-- that price with enough goods. The files name no such link. Credits beyond the quantity of the
-- line, or without a customer, stay without one.
with candidate as (
    select
        credit.paper as credit_paper,
        credit.line_no as credit_line_no,
        sale.paper,
        sale.line_no,
        sale.qty_number as sold_qty,
        -credit.qty_number as qty,
        row_number() over (
            partition by credit.paper, credit.line_no
            order by sale.invoiced_at desc, sale.paper desc, sale.line_no desc
        ) as nearness
    from line as credit
    inner join line as sale
        on
            sale.customer_no = credit.customer_no
            and sale.product_id = credit.product_id
            and sale.price_number = credit.price_number
            and sale.invoiced_at <= credit.invoiced_at
            and sale.qty_number >= -credit.qty_number
    where
        credit.is_credit
        and not credit.is_fee
        and not sale.is_credit
        and credit._defect is null
        and sale._defect is null
),

nearest as (
    select
        *,
        sum(qty) over (
            partition by paper, line_no
            order by credit_paper, credit_line_no
        ) as qty_so_far
    from candidate
    where nearness = 1
)

select
    credit_paper,
    credit_line_no,
    paper,
    line_no,
    qty
from nearest
where qty_so_far <= sold_qty
