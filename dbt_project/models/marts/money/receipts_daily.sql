{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='payment_id',
    touched='int_money__documents_touched',
    on_schema_change='fail'
) }}
-- depends_on: {{ ref('int_money__documents_touched') }}

with receipts as (
    select * from {{ ref('int_money__payments_applied') }}
),

-- One import per use: a name used twice would be computed whole before it is joined.
payments as (
    select * from {{ ref('int_money__papers_posted') }}
),

applied_papers as (
    select * from {{ ref('int_money__papers_posted') }}
),

invoices as (
    select * from {{ ref('int_money__papers_posted') }}
),

instalments as (
    select * from {{ ref('int_money__items_linked') }}
),

customers as (
    select * from {{ ref('int_masterdata__customers_with_managers') }}
),

joined as (
    select
        receipts.*,
        payments.document_number as payment_number,
        payments.document_kind as payment_kind,
        payments.posted_on as paid_on,
        payments.legal_entity,
        payments.customer_id,
        payments.contract_id,
        payments.currency_code,
        payments.company_currency_code,
        payments.is_reversed,
        payments.reversed_document_id,
        payments.source_system,
        payments.source_id,
        applied_papers.document_number as applied_document_number,
        applied_papers.document_kind as applied_document_kind,
        -- Money set against a credit note belongs to the invoice the note refers to.
        case
            when applied_papers.document_kind = 'credit_note'
                then coalesce(applied_papers.original_document_id, receipts.applied_document_id)
            else receipts.applied_document_id
        end as invoice_document_id,
        instalments.due_on,
        instalments.due_on_effective
    from receipts
    inner join payments
        on receipts.payment_id = payments.document_id
    left join applied_papers
        on receipts.applied_document_id = applied_papers.document_id
    left join instalments
        on
            receipts.applied_document_id = instalments.document_id
            and receipts.applied_instalment_no = instalments.instalment_no
)

select
    joined.payment_id,
    joined.allocation_id,
    joined.payment_number,
    joined.payment_kind,
    joined.paid_on,
    joined.applied_on,

    joined.legal_entity,
    joined.customer_id,
    {{ name_or_placeholder('customers.customer_name', 'customer', 'joined.customer_id') }}
        as customer_name,
    joined.contract_id,
    customers.manager_id,
    customers.manager_name,

    joined.currency_code,
    cast(joined.paid_amount as numeric(18, 2)) as paid_amount,
    joined.company_currency_code,
    cast(joined.paid_company_amount as numeric(18, 2)) as paid_company_amount,
    joined.allocation_id = '' as is_unapplied,
    joined.is_reversed as is_bounced,
    joined.payment_kind = 'reversal' as is_reversal,
    joined.reversed_document_id as reversed_payment_id,

    joined.applied_document_id,
    joined.applied_document_number,
    joined.applied_document_kind,
    joined.applied_instalment_no,
    joined.invoice_document_id,
    invoices.document_number as invoice_number,
    joined.due_on,
    joined.due_on_effective,
    {{ days_between('joined.due_on_effective', 'joined.paid_on') }} as days_late,

    joined.source_system,
    joined.source_id
from joined
left join invoices
    on joined.invoice_document_id = invoices.document_id
left join customers
    on joined.customer_id = customers.customer_id
