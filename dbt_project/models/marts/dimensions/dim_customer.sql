with versions as (
    select * from {{ ref('int_masterdata__customers_versioned') }}
),

named as (
    select member_id
    from {{ ref('int_masterdata__members_named') }}
    where member_kind = 'customer'
),

merged as (
    select * from {{ ref('int_masterdata__customers_merged') }}
),

customers as (
    select
        versions.*,
        coalesce(versions.customer_id, named.member_id) as customer_id_named,
        coalesce(versions.valid_from, {{ beginning_of_time() }}) as begins_on,
        versions.customer_id is null as is_placeholder
    from versions
    full outer join named
        on versions.customer_id = named.member_id
)

select
    {{ surrogate_key(['customers.customer_id_named', 'customers.begins_on']) }} as customer_key,
    customers.customer_id_named as customer_id,
    customers.begins_on as valid_from,
    customers.valid_to,
    customers.begins_on <= {{ as_of() }}
    and ({{ as_of() }} < customers.valid_to or customers.valid_to is null) as is_current,
    customers.told_from,
    customers.is_placeholder,
    coalesce(customers.is_listed, false) as is_listed,

    {{ name_or_placeholder('customers.customer_name', 'customer', 'customers.customer_id_named') }}
        as customer_name,
    customers.tax_no,
    customers.parent_customer_id,
    customers.route_id,
    customers.territory,
    coalesce(merged.main_customer_id, customers.customer_id_named) as main_customer_id,
    coalesce(merged.main_customer_id <> merged.customer_id, false) as is_duplicate,

    -- Today's manager answers for the whole history, and a former one no longer sees it.
    customers.last_manager_id as manager_id,
    customers.manager_id as manager_id_then,
    customers.terms_days,
    customers.segment,
    customers.tier,
    customers.is_risk_flagged,

    customers.source_system,
    customers.source_id
from customers
left join merged
    on customers.customer_id_named = merged.customer_id
