-- Answers of purchasing to what customers asked for.
with

replies as (
    select * from erp.ask_reply
),

verdicts (code, decision) as (
    values
    ('O', 'order'),
    ('S', 'substitute'),
    ('D', 'decline'),
    ('Q', 'ask_again')
)

select
    replies.ask_id::text as demand_id,
    coalesce(verdicts.decision, replies.verdict)::text as decision,
    replies.words::text as comment,
    replies.decided_at::timestamptz as decided_at,
    replies.staff_no::text as by_id,
    replies.ask_id::text as source_id
from replies
left join verdicts on replies.verdict = verdicts.code
order by replies.ask_id
