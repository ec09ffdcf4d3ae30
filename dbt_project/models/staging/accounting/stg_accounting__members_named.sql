select distinct
    'customer' as member_kind,
    customer_id as member_id
from {{ source('accounting', 'acc_document') }}
