{{ config(unique_key='document_id', touched='int_money__documents_touched') }}

-- No imports by name: PostgreSQL computes a view that has one before it joins it.
select
    documents.document_id,
    documents.document_kind,
    documents.document_number,
    documents.document_on,
    documents.posted_on,

    documents.customer_id,
    documents.contract_id,
    documents.legal_entity,
    documents.order_id,
    documents.reversed_document_id,
    reversed_documents.document_kind as reversed_document_kind,
    documents.original_document_id,
    documents.is_disputed,
    coalesce(papers_reversed.reversed_on <= {{ as_of() }}, false) as is_reversed,
    case
        when documents.document_kind in ('payment', 'advance', 'refund') then true
        when documents.document_kind = 'reversal'
            then
                coalesce(
                    reversed_documents.document_kind in ('payment', 'advance', 'refund'), false
                )
        else false
    end as is_money_paper,

    documents.currency_code,
    documents.document_amount,
    documents.company_currency_code,
    documents.document_company_amount,

    documents.source_system,
    documents.source_id
from {{ ref('stg_accounting__documents') }} as documents
left join {{ ref('stg_accounting__documents') }} as reversed_documents
    on documents.reversed_document_id = reversed_documents.document_id
left join {{ ref('int_money__papers_reversed') }} as papers_reversed
    on documents.document_id = papers_reversed.document_id
