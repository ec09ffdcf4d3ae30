with credit_limits as (
    select * from {{ source('accounting', 'acc_credit_limit') }}
)

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
from credit_limits
