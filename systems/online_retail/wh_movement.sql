-- uses: line
-- Goods leave by invoice, come back by credit, and are found or lost by corrections, whose sign is
-- the stock's already. A file may come late, so all of them are read and `since` is not asked.
-- Four corrections count postage, which has no stock: their kind is none, so quarantine keeps them.
select
    line.paper || '-' || line.line_no as movement_id,
    line.invoiced_at as moved_at,
    'UK' as warehouse_id,
    line.product_id,
    '' as lot_id,
    'usable' as quality_status,
    case
        when line.is_correction then line.qty
        else coalesce((-line.qty_number)::varchar, line.qty)
    end as qty,
    'pcs' as uom,
    case
        when line.is_correction and line.is_fee then 'correction of ' || line.product_id
        when line.is_correction then 'adjust'
        when line.is_credit then 'return_in'
        else 'sale_issue'
    end as kind,
    line.paper as document_id,
    line.line_no as document_line_no,
    null as reverses_movement_id,
    line.invoiced_at as changed_at,
    line._file,
    line._line,
    line._defect
from line
where line._defect is not null or line.is_correction or not line.is_fee
