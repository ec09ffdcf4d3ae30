-- uses: units
-- Receipts, in the unit of the purchase. Goods that came without papers have no order.
with

qualities (word, quality_status) as (
    values
    ('годно', 'usable'),
    ('на проверке', 'quarantine'),
    ('брак', 'damaged')
)

select
    r."№ прихода" as receipt_id,
    r."Строка" as line_no,
    r."Код заказа" as po_id,
    r."Строка заказа" as po_line_no,
    regexp_replace(r."Артикул", '^Т-', '') as product_id,
    r."Склад" as warehouse_id,
    r."Пришло" as received_at,
    r."Внесено" as entered_at,
    r."Количество" as qty,
    coalesce(u.uom, r."Ед.") as uom,
    coalesce(q.quality_status, r."Качество") as quality_status,
    r._file,
    r._line,
    r._defect
from receipts as r
left join units as u on r."Ед." = u.word
left join qualities as q on r."Качество" = q.word
