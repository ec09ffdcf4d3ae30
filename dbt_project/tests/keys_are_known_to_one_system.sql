{#- A key of `raw` is unique within the system it came from, so a view of it can double a row only
    where several systems fill one feed. Views that join count their rows themselves. -#}
{%- set keys = {
    "stg_accounting__allocations": ["allocation_id"],
    "stg_accounting__balance_controls":
        ["control_on", "legal_entity", "customer_id", "contract_id", "currency_code"],
    "stg_accounting__credit_limits": ["customer_id", "legal_entity", "valid_from"],
    "stg_accounting__documents": ["document_id"],
    "stg_accounting__instalments": ["document_id", "instalment_no"],
    "stg_coordination__case_events": ["event_id"],
    "stg_coordination__case_legs": ["case_id", "leg_no"],
    "stg_coordination__cases": ["case_id"],
    "stg_logistics__routes": ["route_id"],
    "stg_purchasing__orders": ["po_id"],
    "stg_reference__customers": ["customer_id"],
    "stg_reference__employees": ["employee_id", "valid_from"],
    "stg_reference__fx_rates": ["currency_code", "rate_on"],
    "stg_reference__products": ["product_id"],
    "stg_reference__sites": ["site_id"],
    "stg_reference__suppliers": ["supplier_id"],
    "stg_reference__uom_factors": ["product_id", "uom", "valid_from"],
    "stg_registry__business_calendars": ["site_id", "calendar_on"],
    "stg_registry__feeds": ["feed_id"],
    "stg_registry__figures": ["figure_id"],
    "stg_sales__orders": ["order_id"],
    "stg_sales__returns": ["rma_id", "line_no"],
    "stg_warehouse__pick_errors": ["error_id"],
    "stg_warehouse__pick_lines": ["pick_line_id"],
} -%}

with shared_feeds as (
    select feed_id
    from {{ ref('stg_ops__loads') }}
    where load_state = 'accepted'
    group by feed_id
    having count(distinct source_system) > 1
)
{% for model, columns in keys.items() %}
    {%- set feed = model.split("__")[0] | replace("stg_", "") %}
    {{ "union all" if not loop.first }}

    select
        '{{ model }}' as model_name,
        {{ surrogate_key(columns) }} as key_hash,
        count(*) as row_count
    from {{ ref(model) }}
    where
        exists (
            select 1
            from shared_feeds
            where shared_feeds.feed_id = '{{ feed }}'
        )
    group by {{ columns | join(", ") }}
    having count(*) > 1
{% endfor %}
