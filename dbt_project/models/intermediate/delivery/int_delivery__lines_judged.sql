{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='order_id',
    touched='int_delivery__orders_touched',
    on_schema_change='fail',
    indexes=[{'columns': ['order_id', 'line_no'], 'unique': true}]
) }}

with order_lines as (
    select * from {{ ref('stg_sales__order_lines') }}
    where {{ joins_touched('order_id', 'int_delivery__orders_touched') }}
),

orders as (
    select * from {{ ref('stg_sales__orders') }}
    where
        ordered_on <= {{ as_of() }}
        and {{ joins_touched('order_id', 'int_delivery__orders_touched') }}
),

customers as (
    select * from {{ ref('stg_reference__customers') }}
),

tolerances as (
    select * from {{ ref('delivery_tolerance') }}
),

dates_promised as (
    select * from {{ ref('int_delivery__dates_promised') }}
    where {{ joins_touched('order_id', 'int_delivery__orders_touched') }}
),

shipped as (
    select * from {{ ref('int_delivery__order_lines_shipped') }}
    where {{ joins_touched('order_id', 'int_delivery__orders_touched') }}
),

otif_window as (
    select
        {{ first_of_month(as_of(), '-number') }} as starts_on
    from {{ ref('delivery_setting') }}
    where setting = 'otif_window_months'
),

-- Sums are rounded before they are compared: three thirds of a unit are the unit.
shipped_by_line as (
    select
        order_id,
        order_line_no,
        cast(sum(shipped_base_qty) as numeric(18, 6)) as shipped_qty,
        max(case when is_proof_awaited then 1 else 0 end) = 1 as is_proof_awaited
    from shipped
    group by order_id, order_line_no
),

wanted as (
    select
        order_lines.order_id,
        order_lines.line_no,
        orders.customer_id,
        cast(order_lines.base_qty as numeric(18, 6)) as ordered_qty,
        cast(order_lines.cancelled_base_qty as numeric(18, 6)) as cancelled_qty,
        cast(order_lines.base_qty - order_lines.cancelled_base_qty as numeric(18, 6))
            as wanted_qty,
        cast(coalesce(shipped_by_line.shipped_qty, 0) as numeric(18, 6)) as shipped_qty,
        cast(
            greatest(
                order_lines.base_qty - order_lines.cancelled_base_qty
                - coalesce(shipped_by_line.shipped_qty, 0),
                0
            ) as numeric(18, 6)
        ) as open_qty,
        coalesce(shipped_by_line.is_proof_awaited, false) as is_proof_awaited,
        dates_promised.requested_on,
        dates_promised.first_promised_on,
        dates_promised.last_promised_on,
        dates_promised.requested_due_on,
        dates_promised.first_promised_due_on,
        dates_promised.last_promised_due_on,
        orders.ordered_on
    from order_lines
    inner join orders
        on order_lines.order_id = orders.order_id
    inner join dates_promised
        on
            order_lines.order_id = dates_promised.order_id
            and order_lines.line_no = dates_promised.line_no
    left join shipped_by_line
        on
            order_lines.order_id = shipped_by_line.order_id
            and order_lines.line_no = shipped_by_line.order_line_no
),

in_window as (
    select wanted.*
    from wanted
    cross join otif_window
    where
        coalesce(
            greatest(
                wanted.requested_due_on,
                wanted.first_promised_due_on,
                wanted.last_promised_due_on
            ),
            wanted.ordered_on
        ) >= otif_window.starts_on
        or wanted.open_qty > 0
        or wanted.is_proof_awaited
),

with_tolerance as (
    select
        in_window.*,
        cast(
            in_window.wanted_qty
            * (1 - coalesce(own_tolerances.under_share, any_tolerances.under_share, 0))
            as numeric(18, 6)
        ) as needed_qty,
        -- No upper bound where the rule leaves it empty.
        cast(
            in_window.wanted_qty
            * (
                1 + case
                    when own_tolerances.tier is not null then own_tolerances.over_share
                    else any_tolerances.over_share
                end
            ) as numeric(18, 6)
        ) as most_qty,
        coalesce(own_tolerances.early_days, any_tolerances.early_days, 0) as early_days,
        coalesce(own_tolerances.late_days, any_tolerances.late_days, 0) as late_days
    from in_window
    left join customers
        on in_window.customer_id = customers.customer_id
    left join tolerances as own_tolerances
        on customers.tier = own_tolerances.tier
    left join tolerances as any_tolerances
        on any_tolerances.tier = '*'
),

bounded as (
    select
        with_tolerance.*,
        {% for basis in delivery_bases() %}
            {{ add_days(basis ~ '_due_on', '-early_days') }} as {{ basis }}_from,
            {{ add_days(basis ~ '_due_on', 'late_days') }} as {{ basis }}_until,
        {% endfor %}
        requested_due_on <= {{ as_of() }} as is_wanted_by_now
    from with_tolerance
),

-- Deliveries in the order they came, each with what had come by then.
deliveries as (
    select
        bounded.order_id,
        bounded.line_no,
        bounded.wanted_qty,
        bounded.needed_qty,
        bounded.requested_due_on,
        {% for basis in delivery_bases() %}
            bounded.{{ basis }}_until,
        {% endfor %}
        shipped.issued_on,
        shipped.shipped_base_qty,
        shipped.delivered_base_qty,
        shipped.delivered_on,
        shipped.reported_base_qty,
        shipped.reported_on,
        shipped.refused_base_qty,
        shipped.refused_on,
        shipped.carrier_delivered_at,
        shipped.proof_at,
        shipped.pod_state,
        shipped.has_difference,
        shipped.our_base_qty,
        shipped.customer_base_qty,
        shipped.difference_reason,
        cast(
            sum(shipped.delivered_base_qty) over (
                partition by bounded.order_id, bounded.line_no
                order by shipped.delivered_on, shipped.shipment_id, shipped.line_no
                rows between unbounded preceding and current row
            ) as numeric(18, 6)
        ) as delivered_so_far,
        -- The first shipment of the lines an order wanted on one day.
        min(shipped.issued_on) over (
            partition by bounded.order_id, bounded.requested_due_on
        ) as first_issued_on
    from bounded
    inner join shipped
        on
            bounded.order_id = shipped.order_id
            and bounded.line_no = shipped.order_line_no
),

delivered as (
    select
        order_id,
        line_no,
        sum(delivered_base_qty) as delivered_qty,
        sum(refused_base_qty) as refused_qty,
        sum(case when issued_on = first_issued_on then shipped_base_qty else 0 end)
            as first_shipped_qty,
        max(delivered_on) as last_delivered_on,
        min(
            case
                when delivered_on is not null and delivered_so_far >= needed_qty
                    then delivered_on
            end
        ) as completed_on,
        {% for basis in delivery_bases() %}
            sum(case when delivered_on <= {{ basis }}_until then delivered_base_qty else 0 end)
                as {{ basis }}_qty,
            max(case when delivered_on <= {{ basis }}_until then delivered_on end)
                as {{ basis }}_last_on,
            sum(case when reported_on <= {{ basis }}_until then reported_base_qty else 0 end)
                as {{ basis }}_reported_qty,
            sum(case when refused_on <= {{ basis }}_until then refused_base_qty else 0 end)
                as {{ basis }}_refused_qty,
        {% endfor %}
        max(carrier_delivered_at) as delivered_at_carrier,
        max(proof_at) as proof_at,
        -- The worst state of its shipments is the state of the line.
        min(
            case pod_state
                when 'refused' then 1
                when 'difference_reported' then 2
                when 'awaited' then 3
                when 'assumed' then 4
                when 'confirmed' then 5
                else 6
            end
        ) as pod_rank,
        max(case when has_difference then 1 else 0 end) = 1 as has_difference,
        sum(our_base_qty) as our_qty,
        case
            when count(customer_base_qty) > 0
                then sum(coalesce(customer_base_qty, our_base_qty))
        end as customer_qty,
        max(difference_reason) as difference_reason
    from deliveries
    group by order_id, line_no
),

measured as (
    select
        bounded.*,
        cast(coalesce(delivered.delivered_qty, 0) as numeric(18, 6)) as delivered_qty,
        cast(coalesce(delivered.refused_qty, 0) as numeric(18, 6)) as refused_qty,
        cast(coalesce(delivered.first_shipped_qty, 0) as numeric(18, 6)) as first_shipped_qty,
        delivered.last_delivered_on,
        delivered.completed_on,
        delivered.delivered_at_carrier,
        delivered.proof_at,
        delivered.pod_rank,
        coalesce(delivered.has_difference, false) as has_difference,
        cast(delivered.our_qty as numeric(18, 6)) as our_qty,
        cast(delivered.customer_qty as numeric(18, 6)) as customer_qty,
        delivered.difference_reason,
    {% for basis in delivery_bases() %}
        cast(coalesce(delivered.{{ basis }}_qty, 0) as numeric(18, 6)) as {{ basis }}_qty,
        cast(coalesce(delivered.{{ basis }}_reported_qty, 0) as numeric(18, 6))
            as {{ basis }}_reported_qty,
        cast(coalesce(delivered.{{ basis }}_refused_qty, 0) as numeric(18, 6))
            as {{ basis }}_refused_qty,
        -- What completed the line decides its day; while it is short, what came last in time.
        case
            when delivered.completed_on <= bounded.{{ basis }}_until then delivered.completed_on
            else delivered.{{ basis }}_last_on
        end as {{ basis }}_judged_on{{ ',' if not loop.last }}
    {% endfor %}
    from bounded
    left join delivered
        on
            bounded.order_id = delivered.order_id
            and bounded.line_no = delivered.line_no
),

judged as (
    select
        measured.*,
    {% for basis in delivery_bases() %}
        {{ delivery_outcome(basis) }} as {{ basis }}_outcome{{ ',' if not loop.last }}
    {% endfor %}
    from measured
)

select
    order_id,
    line_no,
    customer_id,
    requested_on,
    first_promised_on,
    last_promised_on,
    ordered_qty,
    cancelled_qty,
    wanted_qty,
    most_qty,
    shipped_qty,
    open_qty,
    cast(case when is_wanted_by_now then open_qty else 0 end as numeric(18, 6))
        as backorder_qty,
    delivered_qty,
    refused_qty,
    first_shipped_qty,
    last_delivered_on,
    completed_on,
    {% for basis in delivery_bases() %}
        {{ basis }}_due_on,
        {{ basis }}_qty,
        {{ basis }}_outcome,
        case
            when {{ basis }}_outcome not in ('cancelled', 'no_date', 'not_due')
                then coalesce({{ basis }}_judged_on >= {{ basis }}_from, false)
        end as is_on_time_{{ basis }},
        case
            when {{ basis }}_outcome not in ('cancelled', 'no_date', 'not_due')
                then {{ basis }}_qty >= needed_qty and coalesce({{ basis }}_qty <= most_qty, true)
        end as is_in_full_{{ basis }},
    {% endfor %}
    delivered_at_carrier,
    proof_at,
    case pod_rank
        when 1 then 'refused'
        when 2 then 'difference_reported'
        when 3 then 'awaited'
        when 4 then 'assumed'
        when 5 then 'confirmed'
        when 6 then 'not_required'
    end as pod_state,
    has_difference,
    our_qty,
    customer_qty,
    difference_reason,
    wanted_qty <= 0
    or (
        open_qty <= 0
        and not is_proof_awaited
        and requested_outcome <> 'not_due'
        and first_promised_outcome <> 'not_due'
        and last_promised_outcome <> 'not_due'
    ) as is_final
from judged
