select
    customer_id,
    legal_entity,
    valid_from,

    limit_amount,
    currency as currency_code,
    blocked_by_hand as is_blocked_by_hand,
    reason,

    source_system,
    source_id
from {{ source('accounting', 'acc_credit_limit') }}
