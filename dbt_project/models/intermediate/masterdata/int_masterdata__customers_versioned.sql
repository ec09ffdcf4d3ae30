{#- Looked up by facts, each at its own day; windows cannot be, so their result is kept. -#}
{{ config(
    materialized='table',
    indexes=[{'columns': ['customer_id', 'valid_from'], 'unique': true}]
) }}

with versions as (
    {{ dated_versions(
        ref('stg_reference__customer_versions'),
        'customer_id',
        ['manager_id', 'terms_days', 'segment', 'tier', 'is_risk_flagged'],
        stated_on='terms_from'
    ) }}
),

last_told as (
    select * from {{ ref('stg_reference__customer_versions') }}
    where is_last
)

select
    versions.customer_id,
    versions.valid_from,
    versions.valid_to,
    versions.manager_id,
    versions.terms_days,
    versions.segment,
    versions.tier,
    versions.is_risk_flagged,
    versions.is_listed,
    versions.begins_on as told_from,

    last_told.customer_name,
    last_told.tax_no,
    last_told.parent_customer_id,
    last_told.manager_id as last_manager_id,
    last_told.route_id,
    last_told.territory,

    versions.source_system,
    versions.source_id
from versions
inner join last_told
    on versions.customer_id = last_told.customer_id
