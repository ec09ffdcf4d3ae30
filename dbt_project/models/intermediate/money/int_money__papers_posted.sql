with documents as (
    select * from {{ ref('stg_accounting__documents') }}
),

reversals as (
    select
        reversed_document_id,
        min(posted_on) as reversed_on
    from documents
    where reversed_document_id is not null
    group by reversed_document_id
),

with_original as (
    select
        documents.*,
        reversed.document_kind as reversed_document_kind,
        coalesce(reversals.reversed_on <= {{ as_of() }}, false) as is_reversed
    from documents
    left join documents as reversed
        on documents.reversed_document_id = reversed.document_id
    left join reversals
        on documents.document_id = reversals.reversed_document_id
)

select
    document_id,
    document_kind,
    document_number,
    document_on,
    posted_on,

    customer_id,
    contract_id,
    legal_entity,
    order_id,
    reversed_document_id,
    reversed_document_kind,
    original_document_id,
    is_disputed,
    is_reversed,
    case
        when document_kind in ('payment', 'advance', 'refund') then true
        when document_kind = 'reversal'
            then coalesce(reversed_document_kind in ('payment', 'advance', 'refund'), false)
        else false
    end as is_money_paper,

    currency_code,
    document_amount,
    company_currency_code,
    document_company_amount,

    source_system,
    source_id
from with_original
