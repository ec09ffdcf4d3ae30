{{ config(unique_key='allocation_id') }}

select
    allocation_id,
    from_document_id,
    from_instalment_no,
    to_document_id,
    to_instalment_no,
    effective_date as effective_on,

    amount as to_amount,
    from_amount,
    amount_company as company_amount,

    source_system,
    source_id
from {{ source('accounting', 'acc_allocation') }}
