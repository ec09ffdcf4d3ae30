-- Changes of expected dates, all there ever were: those known change nothing. The first
-- confirmation is the first of them, from no date.
with

causes (word, reason) as (
    values
    ('первое подтверждение', 'first confirmation'),
    ('перевозчик', 'transport'),
    ('поставщик опоздал', 'supplier_late'),
    ('таможня', 'customs')
)

select
    d."№" as event_id,
    d."Код заказа" as po_id,
    d."Строка" as line_no,
    d."Было" as old_date,
    d."Стало" as new_date,
    d."Когда изменено" as changed_at,
    d."Кто изменил" as by_id,
    coalesce(c.reason, d."Причина") as reason,
    d._file,
    d._line,
    d._defect
from date_changes as d
left join causes as c on d."Причина" = c.word
