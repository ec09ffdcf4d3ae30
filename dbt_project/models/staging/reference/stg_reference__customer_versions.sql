with versions as (
    {{ versions_told('reference', 'customer', ['customer_id'], [
        'customer_id', 'name', 'tax_no', 'parent_id', 'manager_id', 'route_id', 'territory',
        'segment', 'terms_days', 'tier', 'risk_flag', 'valid_from',
    ]) }}
)

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
    valid_from as terms_from,

    version_no,
    delivered_on,
    is_listed,
    is_last,

    source_system,
    source_id
from versions
