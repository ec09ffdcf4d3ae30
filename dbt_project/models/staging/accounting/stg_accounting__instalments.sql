-- No import by name: PostgreSQL computes a view that has one before it joins it.
select
    document_id,
    instalment_no,
    due_date as due_on,
    amount as instalment_amount,
    amount_company as instalment_company_amount,

    source_system,
    source_id
from {{ source('accounting', 'acc_instalment') }}
