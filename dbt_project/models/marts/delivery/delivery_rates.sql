with judged as (
    select * from {{ ref('int_delivery__lines_judged') }}
),

perfect as (
    select * from {{ ref('int_delivery__lines_perfect') }}
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

-- One row per line and basis.
lines_by_basis as (
    {% for basis in delivery_bases() %}
        select
            '{{ basis }}' as basis,
            judged.order_id,
            judged.line_no,
            judged.customer_id,
            judged.wanted_qty,
            least(judged.first_shipped_qty, judged.wanted_qty) as filled_qty,
            judged.{{ basis }}_due_on as due_on,
            judged.{{ basis }}_outcome as outcome,
            judged.is_on_time_{{ basis }} as is_on_time,
            judged.is_in_full_{{ basis }} as is_in_full,
            -- Perfect orders are judged by the customer's day only.
            case when '{{ basis }}' = 'requested' then perfect.is_perfect_order end
                as is_perfect_order
        from judged
        inner join perfect
            on
                judged.order_id = perfect.order_id
                and judged.line_no = perfect.line_no
        where judged.{{ basis }}_outcome not in ('cancelled', 'no_date')
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- An order counts once, in the month of its last line.
ranked as (
    select
        lines_by_basis.*,
        min(case when filled_qty >= wanted_qty then 1 else 0 end) over (
            partition by basis, order_id
        ) as is_order_filled,
        row_number() over (
            partition by basis, order_id order by due_on desc, line_no desc
        ) as line_rank
    from lines_by_basis
),

due as (
    select
        basis,
        customer_id,
        {{ first_of_month('due_on') }} as month_on,
        count(*) as line_count,
        sum(case when is_on_time then 1 else 0 end) as on_time_line_count,
        sum(case when is_in_full then 1 else 0 end) as in_full_line_count,
        sum(case when is_on_time and is_in_full then 1 else 0 end) as otif_line_count,
        sum(case when outcome = 'unconfirmed' then 1 else 0 end) as unconfirmed_line_count,
        sum(wanted_qty) as wanted_qty,
        sum(filled_qty) as filled_qty,
        sum(case when filled_qty >= wanted_qty then 1 else 0 end) as filled_line_count,
        sum(case when line_rank = 1 then 1 else 0 end) as order_count,
        sum(case when line_rank = 1 then is_order_filled else 0 end) as filled_order_count,
        sum(case when line_rank = 1 and is_perfect_order is not null then 1 else 0 end)
            as judged_order_count,
        sum(case when line_rank = 1 and is_perfect_order then 1 else 0 end)
            as perfect_order_count
    from ranked
    where outcome <> 'not_due'
    group by basis, customer_id, {{ first_of_month('due_on') }}
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
cross join otif_window
left join customers
    on due.customer_id = customers.customer_id
where due.month_on >= otif_window.starts_on
