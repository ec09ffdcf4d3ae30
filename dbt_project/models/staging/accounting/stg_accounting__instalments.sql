{{ config(unique_key='document_id') }}

select
    document_id,
    instalment_no,
    due_date as due_on,
    amount as instalment_amount,
    amount_company as instalment_company_amount,

    source_system,
    source_id
from {{ source('accounting', 'acc_instalment') }}
