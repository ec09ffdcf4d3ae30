-- Targets. What the ERP leaves empty is not split, so a slice names only what is filled; jsonb
-- writes the same slice always the same way, and its hash is the short name.
with

targets as (
    select * from erp.target
),

partners as (
    select * from erp.partner
),

measures (code, measure) as (
    values
    ('NET', 'net_shipped_value'),
    ('PCS', 'pieces'),
    ('MNY', 'receipts'),
    ('CLI', 'active_clients'),
    ('CAL', 'calls')
),

sliced as (
    select
        targets.*,
        jsonb_strip_nulls(
            jsonb_build_object(
                'brand', targets.brand,
                'customer', partners.code,
                'route', targets.route,
                'employee', targets.staff_no
            )
        )::text as slice
    from targets
    left join partners on targets.partner_id = partners.id
)

select
    sliced.version::text as plan_version,
    coalesce(measures.measure, sliced.measure)::text as measure,
    sliced.starts_on::date as period_start,
    md5(sliced.slice)::text as slice_hash,
    sliced.ends_on::date as period_end,
    sliced.slice::text as slice,
    sliced.amount::numeric(18, 6) as value,
    sliced.unit::text as unit,
    sliced.id::text as source_id
from sliced
left join measures on sliced.measure = measures.code
order by sliced.id
