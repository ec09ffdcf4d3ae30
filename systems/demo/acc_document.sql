-- Papers of customers. The ERP keeps amounts without a sign and a side instead: D raises the
-- debt, C lowers it. A type without a translation is passed on as it is, for the loader to
-- hold back. An exchange difference moves the books only: nothing in the document currency.
-- `refers_id` of an exchange difference is the payment, so it is no original document.
with

papers as (
    select * from erp.paper
    where touched_on >= current_setting('daymart.since')::timestamptz::date
),

partners as (
    select * from erp.partner
),

kinds (type, kind) as (
    values
    ('INV', 'invoice'),
    ('CRN', 'credit_note'),
    ('PAY', 'payment'),
    ('ADV', 'advance'),
    ('RFD', 'refund'),
    ('WOF', 'write_off'),
    ('REV', 'reversal'),
    ('FXD', 'exchange_difference'),
    ('OPN', 'opening')
),

signed as (
    select
        papers.*,
        case papers.side when 'D' then 1 else -1 end as sign
    from papers
)

select
    signed.id::text as document_id,
    coalesce(kinds.kind, signed.type)::text as kind,
    signed.no::text as number,
    signed.paper_date::date as doc_date,
    signed.booked_on::date as posting_date,
    partners.code::text as customer_id,
    coalesce(signed.agreement, '')::text as contract_id,
    ('NL' || signed.entity)::text as legal_entity,
    signed.currency::text as currency,
    (signed.sign * signed.total)::numeric(18, 2) as amount_gross,
    (signed.sign * signed.vat)::numeric(18, 2) as amount_tax,
    'EUR'::text as company_currency,
    (signed.sign * signed.total_eur)::numeric(18, 2) as amount_company,
    signed.sale_id::text as order_id,
    signed.cancels_id::text as reverses_document_id,
    case when signed.type <> 'FXD' then signed.refers_id::text end as original_document_id,
    signed.contested::boolean as is_disputed,
    signed.bank_text::text as payer_text,
    signed.id::text as source_id
from signed
left join kinds on signed.type = kinds.type
left join partners on signed.partner_id = partners.id
order by signed.id
