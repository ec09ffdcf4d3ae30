{{ config(unique_key='document_id') }}

select
    document_id,
    kind as document_kind,
    number as document_number,
    doc_date as document_on,
    posting_date as posted_on,

    customer_id,
    coalesce(contract_id, '') as contract_id,
    legal_entity,
    order_id,
    reverses_document_id as reversed_document_id,
    original_document_id,
    is_disputed,

    currency as currency_code,
    amount_gross as document_amount,
    amount_tax as tax_amount,
    company_currency as company_currency_code,
    amount_company as document_company_amount,

    source_system,
    source_id
from {{ source('accounting', 'acc_document') }}
