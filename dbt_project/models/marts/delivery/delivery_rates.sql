with tallied as (
    select * from {{ ref('int_delivery__orders_tallied') }}
),

customers as (
    select * from {{ ref('int_masterdata__customers_with_managers') }}
),

otif_window as (
    select
        {{ first_of_month(as_of(), '-number') }} as starts_on
    from {{ ref('delivery_setting') }}
    where setting = 'otif_window_months'
),

due as (
    select
        tallied.basis,
        tallied.customer_id,
        tallied.month_on,
        sum(tallied.line_count) as line_count,
        sum(tallied.on_time_line_count) as on_time_line_count,
        sum(tallied.in_full_line_count) as in_full_line_count,
        sum(tallied.otif_line_count) as otif_line_count,
        sum(tallied.unconfirmed_line_count) as unconfirmed_line_count,
        sum(tallied.wanted_qty) as wanted_qty,
        sum(tallied.filled_qty) as filled_qty,
        sum(tallied.filled_line_count) as filled_line_count,
        sum(tallied.order_count) as order_count,
        sum(tallied.filled_order_count) as filled_order_count,
        sum(tallied.judged_order_count) as judged_order_count,
        sum(tallied.perfect_order_count) as perfect_order_count
    from tallied
    cross join otif_window
    where tallied.month_on >= otif_window.starts_on
    group by tallied.basis, tallied.customer_id, tallied.month_on
)

select
    due.basis,
    due.month_on,
    due.customer_id,
    {{ name_or_placeholder('customers.customer_name', 'customer', 'due.customer_id') }}
        as customer_name,
    customers.manager_id,
    customers.manager_name,

    cast(due.line_count as integer) as line_count,
    cast(due.on_time_line_count as integer) as on_time_line_count,
    cast(due.in_full_line_count as integer) as in_full_line_count,
    cast(due.otif_line_count as integer) as otif_line_count,
    cast(due.unconfirmed_line_count as integer) as unconfirmed_line_count,
    cast(due.otif_line_count * 1.0 / due.line_count as numeric(9, 6)) as otif_rate,

    cast(due.wanted_qty as numeric(18, 6)) as wanted_qty,
    cast(due.filled_qty as numeric(18, 6)) as filled_qty,
    cast(due.filled_line_count as integer) as filled_line_count,
    cast(due.order_count as integer) as order_count,
    cast(due.filled_order_count as integer) as filled_order_count,
    cast(due.filled_qty / due.wanted_qty as numeric(9, 6)) as unit_fill_rate,
    cast(due.filled_line_count * 1.0 / due.line_count as numeric(9, 6)) as line_fill_rate,
    cast(due.filled_order_count * 1.0 / nullif(due.order_count, 0) as numeric(9, 6))
        as order_fill_rate,

    cast(due.judged_order_count as integer) as judged_order_count,
    cast(due.perfect_order_count as integer) as perfect_order_count,
    cast(due.perfect_order_count * 1.0 / nullif(due.judged_order_count, 0) as numeric(9, 6))
        as perfect_order_rate
from due
left join customers
    on due.customer_id = customers.customer_id
