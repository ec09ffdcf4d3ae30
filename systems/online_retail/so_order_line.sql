-- uses: line, taken_back
-- Goods on invoices. What a credit takes back, the customer no longer wants. Lines of fees
-- (postage, manual entries, bank charges ...) are no goods: their money is in acc_document.
with cancelled as (
    select
        paper,
        line_no,
        sum(qty) as qty
    from taken_back
    group by paper, line_no
)

select
    line.paper as order_id,
    line.line_no,
    line.product_id,
    'UK' as warehouse_id,
    line.qty,
    'pcs' as uom,
    coalesce(cancelled.qty, 0) as cancelled_qty,
    line.price as price_net,
    null as tax_rate,
    null as requested_date,
    line._file,
    line._line,
    line._defect
from line
left join cancelled on cancelled.paper = line.paper and cancelled.line_no = line.line_no
where line._defect is not null or not (line.is_credit or line.is_fee or line.is_correction)
