-- uses: units
-- Purchase lines. Every change of a date stands on the sheet of changes, so no expected date is
-- given: it is the last change's.
with

states (word, state) as (
    values
    ('заказано', 'ordered'),
    ('подтверждено', 'confirmed'),
    ('в пути', 'shipped'),
    ('прибыло', 'arrived'),
    ('принято', 'received'),
    ('доступно', 'available'),
    ('отменено', 'cancelled')
)

select
    l."Код заказа" as po_id,
    l."Строка" as line_no,
    regexp_replace(l."Артикул", '^Т-', '') as product_id,
    l."Склад" as warehouse_id,
    l."Количество" as qty,
    coalesce(u.uom, l."Ед.") as uom,
    l."Цена" as price,
    l."Нужно к" as requested_date,
    l."Первое подтверждение" as first_confirmed_date,
    null as expected_date,
    coalesce(s.state, l."Состояние") as state,
    l."Отменено" as cancelled_qty,
    l._file,
    l._line,
    l._defect
from lines as l
left join units as u on l."Ед." = u.word
left join states as s on l."Состояние" = s.word
