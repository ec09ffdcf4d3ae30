-- Links between a paying and a paid part. Both papers have one currency here (the ERP links
-- inside one netting group only), so the two amounts are the same.
-- The ERP books an exchange difference as a paper that refers to the payment and links it to
-- nothing: the link that closes the payment in the books is made here, 0.00 in its currency.
with

links as (
    select * from erp.paper_link
    where touched_on >= current_setting('daymart.since')::timestamptz::date
),

exchange_differences as (
    select * from erp.paper
    where
        type = 'FXD' and touched_on >= current_setting('daymart.since')::timestamptz::date
),

allocations as (
    select
        links.id::text as allocation_id,
        links.payer_id as from_id,
        links.payer_part as from_part,
        links.paid_id as to_id,
        links.paid_part as to_part,
        links.amount,
        links.amount_eur,
        links.counts_from
    from links
    union all
    select
        'X' || differences.id,
        case differences.side when 'D' then differences.refers_id else differences.id end,
        1,
        case differences.side when 'D' then differences.id else differences.refers_id end,
        1,
        0,
        differences.total_eur,
        differences.booked_on
    from exchange_differences as differences
)

select
    allocation_id,
    from_id::text as from_document_id,
    from_part::integer as from_instalment_no,
    to_id::text as to_document_id,
    to_part::integer as to_instalment_no,
    amount::numeric(18, 2) as amount,
    amount::numeric(18, 2) as from_amount,
    amount_eur::numeric(18, 2) as amount_company,
    counts_from::date as effective_date,
    allocation_id as source_id
from allocations
order by allocation_id
