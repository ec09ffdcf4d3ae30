-- uses: units
-- Transports: one purchase line each, so a truck with three lines is three rows.
select
    t."№" as inbound_id,
    t."Код заказа" as po_id,
    t."Строка" as line_no,
    t."Отправлено" as shipped_at,
    t."Количество" as qty,
    coalesce(u.uom, t."Ед.") as uom,
    t."Перевозчик" as carrier,
    t."Накладная" as document_no,
    t."Право перешло" as title_passed_at,
    t."Прибыло" as arrived_at,
    t._file,
    t._line,
    t._defect
from transports as t
left join units as u on t."Ед." = u.word
