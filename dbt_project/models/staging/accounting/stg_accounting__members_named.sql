with documents as (
    select * from {{ source('accounting', 'acc_document') }}
)

select distinct
    'customer' as member_kind,
    customer_id as member_id
from documents
