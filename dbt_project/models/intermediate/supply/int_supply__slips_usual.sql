with receipts as (
    select
        supplier_id,
        category,
        slip_days
    from {{ ref('int_supply__receipts_dated') }}
    where
        slip_days is not null
        and received_on
        > {{ add_months(as_of(), '-1 * cast(' ~ supply_rule('slip_months') ~ ' as integer)') }}
),

grouped as (
    select
        'supplier' as slip_basis,
        supplier_id as slip_of,
        slip_days
    from receipts
    where supplier_id is not null

    union all

    select
        'category' as slip_basis,
        category as slip_of,
        slip_days
    from receipts
    where category is not null
),

ranked as (
    select
        grouped.*,
        row_number() over (partition by slip_basis, slip_of order by slip_days) as place,
        count(*) over (partition by slip_basis, slip_of) as receipt_count
    from grouped
)

select
    slip_basis,
    slip_of,
    max(receipt_count) as receipt_count,
    {{ smallest_covering('slip_days', 'place', 'receipt_count', supply_rule('slip_share')) }}
        as usual_slip_days
from ranked
where receipt_count >= {{ supply_rule('slip_least_receipts') }}
group by slip_basis, slip_of
