with records as (
    select * from {{ ref('int_stock__records_accurate') }}
    where counted_record_count > 0
),

classes as (
    select * from {{ ref('abc_class') }}
),

warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
),

shared as (
    select
        records.*,
        classes.accuracy_floor_pct,
        {{ percentage('records.accurate_record_count', 'records.counted_record_count') }}
            as accuracy_pct,
        {{ percentage('records.week_accurate_record_count', 'records.week_counted_record_count') }}
            as week_accuracy_pct
    from records
    inner join classes
        on records.abc_class = classes.abc_class
)

select
    shared.warehouse_id,
    shared.abc_class,
    {{ name_or_placeholder('warehouses.warehouse_name', 'warehouse', 'shared.warehouse_id') }}
        as warehouse_name,
    cast(shared.tolerance_pct as numeric(5, 2)) as tolerance_pct,
    cast(shared.counted_record_count as integer) as counted_record_count,
    cast(shared.accurate_record_count as integer) as accurate_record_count,
    cast(shared.accuracy_pct as numeric(5, 2)) as accuracy_pct,
    cast(shared.accuracy_floor_pct as numeric(5, 2)) as accuracy_floor_pct,
    shared.accuracy_pct < shared.accuracy_floor_pct as is_below_floor,
    cast(shared.week_accuracy_pct as numeric(5, 2)) as week_accuracy_pct,

    {{ company_currency() }} as currency_code,
    cast(shared.valued_record_count as integer) as valued_record_count,
    cast(shared.book_amount as numeric(18, 2)) as book_amount,
    cast(shared.absolute_variance_amount as numeric(18, 2)) as absolute_variance_amount,
    cast(
        case
            when shared.book_amount > 0
                then 100 - 100 * shared.absolute_variance_amount / shared.book_amount
        end as numeric(18, 2)
    ) as value_accuracy_pct,
    shared.last_counted_at
from shared
left join warehouses
    on shared.warehouse_id = warehouses.warehouse_id
