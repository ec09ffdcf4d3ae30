-- Answers of purchasing to what customers asked for.
with

decisions (word, decision) as (
    values
    ('заказать', 'order'),
    ('предложить замену', 'substitute'),
    ('отказать', 'decline'),
    ('уточнить', 'ask_again')
)

select
    r."№ запроса" as demand_id,
    coalesce(d.decision, r."Решение") as decision,
    r."Комментарий" as comment,
    r."Когда решено" as decided_at,
    r."Кто решил" as by_id,
    r._file,
    r._line,
    r._defect
from replies as r
left join decisions as d on r."Решение" = d.word
