{{ config(unique_key='from_document_id', touched='int_money__documents_touched') }}

with allocations as (
    select * from {{ ref('stg_accounting__allocations') }}
),

-- One import per use: a name used twice would be computed whole before it is joined.
from_documents as (
    select * from {{ ref('stg_accounting__documents') }}
),

to_documents as (
    select * from {{ ref('stg_accounting__documents') }}
),

signed as (
    select
        allocations.*,
        -- A link lowers a debt and uses up a credit. Only a refund that pays out a credit note
        -- is delivered the other way round: the paying paper is the debt.
        coalesce(from_documents.document_amount > 0 and to_documents.document_amount < 0, false)
            as is_turned,
        -- A link to a later-dated paper counts only when both papers count.
        greatest(
            allocations.effective_on,
            coalesce(from_documents.posted_on, allocations.effective_on),
            coalesce(to_documents.posted_on, allocations.effective_on)
        ) as counts_from_on
    from allocations
    left join from_documents
        on allocations.from_document_id = from_documents.document_id
    left join to_documents
        on allocations.to_document_id = to_documents.document_id
)

select
    allocation_id,
    from_document_id,
    to_document_id,
    counts_from_on,

    case when is_turned then to_document_id else from_document_id end as credit_document_id,
    case when is_turned then to_instalment_no else from_instalment_no end as credit_instalment_no,
    case when is_turned then to_amount else from_amount end as credit_amount,

    case when is_turned then from_document_id else to_document_id end as debt_document_id,
    case when is_turned then from_instalment_no else to_instalment_no end as debt_instalment_no,
    case when is_turned then from_amount else to_amount end as debt_amount,

    company_amount
from signed
