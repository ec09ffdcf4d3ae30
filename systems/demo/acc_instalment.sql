-- Parts of papers, signed by the side of their paper.
with

papers as (
    select * from erp.paper
),

parts as (
    select * from erp.paper_part
    where touched_on >= current_setting('daymart.since')::timestamptz::date
),

signed as (
    select
        parts.*,
        case papers.side when 'D' then 1 else -1 end as sign
    from parts
    inner join papers on parts.paper_id = papers.id
)

select
    signed.paper_id::text as document_id,
    signed.part_no::integer as instalment_no,
    signed.due_on::date as due_date,
    (signed.sign * signed.amount)::numeric(18, 2) as amount,
    (signed.sign * signed.amount_eur)::numeric(18, 2) as amount_company,
    signed.paper_id || '/' || signed.part_no as source_id
from signed
order by signed.paper_id, signed.part_no
