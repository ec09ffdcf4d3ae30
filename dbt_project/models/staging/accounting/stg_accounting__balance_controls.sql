select
    as_of as control_on,
    legal_entity,
    customer_id,
    contract_id,
    currency as currency_code,

    balance as balance_amount,
    balance_company as balance_company_amount,

    source_system,
    source_id
from {{ source('accounting', 'acc_balance_control') }}
