-- Links between a paying and a paid part. Both papers have one currency here (the ERP links
-- inside one netting group only), so the two amounts are the same.
with

links as (
    select * from erp.paper_link
    where touched_on >= current_setting('daymart.since')::timestamptz::date
)

select
    links.id::text as allocation_id,
    links.payer_id::text as from_document_id,
    links.payer_part::integer as from_instalment_no,
    links.paid_id::text as to_document_id,
    links.paid_part::integer as to_instalment_no,
    links.amount::numeric(18, 2) as amount,
    links.amount::numeric(18, 2) as from_amount,
    links.amount_eur::numeric(18, 2) as amount_company,
    links.counts_from::date as effective_date,
    links.id::text as source_id
from links
order by links.id
