with counts as (
    select * from {{ ref('int_stock__counts_judged') }}
    where
        count_state <> 'cancelled'
        and not is_repeated
        and counted_on > {{ add_days(as_of(), -98) }}
),

products as (
    select * from {{ ref('int_stock__products_classified') }}
),

classes as (
    select * from {{ ref('abc_class') }}
),

-- A record is a miss by its own difference: pluses and minuses are never netted. Where the books
-- say nothing and something is found, any tolerance of them is nothing, too.
judged as (
    select
        counts.*,
        classes.abc_class,
        classes.tolerance_pct,
        abs(counts.variance_qty) <= abs(counts.book_qty) * classes.tolerance_pct / 100
            as is_within_tolerance,
        counts.counted_on > {{ add_days(as_of(), -90) }} as is_in_90_days,
        -- Ninety days until the last Sunday: a figure that stands still for a week.
        counts.counted_on < {{ week_start(as_of()) }}
        and counts.counted_on >= {{ add_days(week_start(as_of()), -90) }} as is_in_week_span
    from counts
    left join products
        on counts.product_id = products.product_id
    inner join classes
        on coalesce(products.abc_class, 'C') = classes.abc_class
)

select
    warehouse_id,
    abc_class,
    tolerance_pct,
    sum(case when is_in_90_days then 1 else 0 end) as counted_record_count,
    sum(case when is_in_90_days and is_within_tolerance then 1 else 0 end)
        as accurate_record_count,
    sum(case when is_in_week_span then 1 else 0 end) as week_counted_record_count,
    sum(case when is_in_week_span and is_within_tolerance then 1 else 0 end)
        as week_accurate_record_count,
    sum(case when is_in_90_days and unit_value is not null then 1 else 0 end)
        as valued_record_count,
    cast(
        sum(case when is_in_90_days then book_qty * unit_value else 0 end) as numeric(18, 2)
    ) as book_amount,
    cast(
        sum(case when is_in_90_days then abs(variance_qty) * unit_value else 0 end)
        as numeric(18, 2)
    ) as absolute_variance_amount,
    max(case when is_in_90_days then counted_at end) as last_counted_at
from judged
group by warehouse_id, abc_class, tolerance_pct
