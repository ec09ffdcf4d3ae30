{{ config(
    materialized='table',
    indexes=[{'columns': ['document_id', 'instalment_no'], 'unique': true}]
) }}

with items as (
    select * from {{ ref('int_money__open_items') }}
    where open_amount <> 0
),

papers as (
    select
        document_id,
        original_document_id
    from {{ ref('int_money__papers_posted') }}
    where
        document_id in (
            select items.document_id from items
            where items.document_kind = 'credit_note'
        )
),

-- Money paid back used up credits.
credits as (
    select
        legal_entity,
        customer_id,
        contract_id,
        currency_code,
        sum(-open_amount) as credit_amount
    from items
    where is_unapplied and document_kind <> 'advance'
    group by legal_entity, customer_id, contract_id, currency_code
),

invoices as (
    select
        document_id,
        instalment_no,
        legal_entity,
        customer_id,
        contract_id,
        currency_code,
        open_amount,
        sum(open_amount) over (partition by document_id) as invoice_amount,
        sum(open_amount) over (
            partition by document_id
            order by due_on_effective, instalment_no
            rows between unbounded preceding and current row
        ) as through_amount
    from items
    where
        not is_unapplied
        and document_id in (select papers.original_document_id from papers)
),

invoices_named as (
    select distinct
        document_id,
        legal_entity,
        customer_id,
        contract_id,
        currency_code,
        invoice_amount
    from invoices
),

notes as (
    select
        items.document_id,
        items.instalment_no,
        items.document_on,
        items.document_number,
        invoices_named.document_id as invoice_id,
        invoices_named.invoice_amount,
        credits.credit_amount,
        -items.open_amount as open_amount,
        sum(-items.open_amount) over (
            partition by
                items.legal_entity, items.customer_id, items.contract_id, items.currency_code
            order by
                items.document_on, items.document_number, items.document_id, items.instalment_no
            rows between unbounded preceding and current row
        ) as through_amount
    from items
    inner join papers
        on items.document_id = papers.document_id
    inner join invoices_named
        on
            papers.original_document_id = invoices_named.document_id
            and items.legal_entity = invoices_named.legal_entity
            and items.customer_id = invoices_named.customer_id
            and items.contract_id = invoices_named.contract_id
            and items.currency_code = invoices_named.currency_code
    inner join credits
        on
            items.legal_entity = credits.legal_entity
            and items.customer_id = credits.customer_id
            and items.contract_id = credits.contract_id
            and items.currency_code = credits.currency_code
    where items.is_unapplied and items.open_amount < 0
),

notes_usable as (
    select
        notes.*,
        least(greatest(credit_amount - (through_amount - open_amount), 0), open_amount)
            as usable_amount
    from notes
),

notes_in_turn as (
    select
        notes_usable.*,
        sum(usable_amount) over (
            partition by invoice_id
            order by document_on, document_number, document_id, instalment_no
            rows between unbounded preceding and current row
        ) as invoice_through_amount
    from notes_usable
),

notes_used as (
    select
        document_id,
        instalment_no,
        invoice_id,
        least(
            greatest(invoice_amount - (invoice_through_amount - usable_amount), 0), usable_amount
        ) as named_amount
    from notes_in_turn
),

invoices_used as (
    select
        invoice_id,
        sum(named_amount) as used_amount
    from notes_used
    group by invoice_id
),

shares as (
    select
        invoices.document_id,
        invoices.instalment_no,
        -least(
            greatest(
                invoices_used.used_amount - (invoices.through_amount - invoices.open_amount), 0
            ),
            invoices.open_amount
        ) as named_amount
    from invoices
    inner join invoices_used
        on invoices.document_id = invoices_used.invoice_id

    union all

    select
        document_id,
        instalment_no,
        named_amount
    from notes_used
)

select
    document_id,
    instalment_no,
    cast(named_amount as numeric(18, 2)) as named_amount
from shares
where named_amount <> 0
