{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='order_id',
    touched='int_delivery__orders_touched',
    on_schema_change='fail',
    indexes=[{'columns': ['order_id', 'basis', 'month_on'], 'unique': true}]
) }}

with judged as (
    select * from {{ ref('int_delivery__lines_judged') }}
    where {{ joins_touched('order_id', 'int_delivery__orders_touched') }}
),

perfect as (
    select * from {{ ref('int_delivery__lines_perfect') }}
    where {{ joins_touched('order_id', 'int_delivery__orders_touched') }}
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
)

select
    order_id,
    customer_id,
    basis,
    {{ first_of_month('due_on') }} as month_on,
    count(*) as line_count,
    sum(case when is_on_time then 1 else 0 end) as on_time_line_count,
    sum(case when is_in_full then 1 else 0 end) as in_full_line_count,
    sum(case when is_on_time and is_in_full then 1 else 0 end) as otif_line_count,
    sum(case when outcome = 'unconfirmed' then 1 else 0 end) as unconfirmed_line_count,
    cast(sum(wanted_qty) as numeric(18, 6)) as wanted_qty,
    cast(sum(filled_qty) as numeric(18, 6)) as filled_qty,
    sum(case when filled_qty >= wanted_qty then 1 else 0 end) as filled_line_count,
    sum(case when line_rank = 1 then 1 else 0 end) as order_count,
    sum(case when line_rank = 1 then is_order_filled else 0 end) as filled_order_count,
    sum(case when line_rank = 1 and is_perfect_order is not null then 1 else 0 end)
        as judged_order_count,
    sum(case when line_rank = 1 and is_perfect_order then 1 else 0 end) as perfect_order_count
from ranked
where outcome <> 'not_due'
group by order_id, customer_id, basis, {{ first_of_month('due_on') }}
