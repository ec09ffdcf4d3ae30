select
    customer_id,
    name as customer_name,
    tax_no,
    parent_id as parent_customer_id,
    manager_id,
    route_id,
    territory,
    segment,
    terms_days,
    tier,
    risk_flag as is_risk_flagged,
    valid_from,

    source_system,
    source_id
from {{ source('reference', 'customer') }}
