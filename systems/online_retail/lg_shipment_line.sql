-- uses: line, taken_back
-- Goods on invoices and credits; those of a credit are negative in the file, too.
select
    line.paper as shipment_id,
    line.line_no,
    case when line.is_credit then taken_back.paper else line.paper end as order_id,
    case when line.is_credit then taken_back.line_no else line.line_no end as order_line_no,
    line.product_id,
    line.qty,
    'pcs' as uom,
    line.invoiced_at as changed_at,
    line._file,
    line._line,
    line._defect
from line
left join taken_back
    on taken_back.credit_paper = line.paper and taken_back.credit_line_no = line.line_no
where line._defect is not null or not (line.is_fee or line.is_correction)
