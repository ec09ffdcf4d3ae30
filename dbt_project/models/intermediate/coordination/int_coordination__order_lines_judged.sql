{{ config(
    materialized='table',
    indexes=[{'columns': ['order_id', 'line_no'], 'unique': true}]
) }}

with lines as (
    select * from {{ ref('int_stock__order_lines_open') }}
),

dates as (
    select * from {{ ref('int_delivery__dates_promised') }}
),

demand as (
    select
        demand_id as order_id,
        line_no,
        ship_on
    from {{ ref('int_supply__demand_open') }}
    where demand_kind = 'order'
),

exposed as (
    select * from {{ ref('int_money__order_lines_exposed') }}
),

customers as (
    select * from {{ ref('int_masterdata__customers_with_managers') }}
),

stops as (
    select * from {{ ref('int_coordination__payments_stopped') }}
),

findings as (
    select * from {{ ref('board_finding') }}
),

endangered as (
    select
        order_id,
        order_line_no,
        cast(sum(endangered_qty) as numeric(18, 6)) as endangered_qty,
        max(count_id) as endangered_count_id
    from {{ ref('stock_discrepancy_orders') }}
    group by order_id, order_line_no
),

places as (
    select * from {{ ref('stock_availability') }}
),

available as (
    select
        warehouse_id,
        product_id,
        max(availability) as availability,
        max(available_from_on) as available_from_on,
        max(available_safe_from_on) as available_safe_from_on
    from {{ ref('atp_daily') }}
    group by warehouse_id, product_id
),

supply as (
    select * from {{ ref('int_coordination__supply_assigned') }}
),

held as (
    select
        order_id,
        order_line_no,
        warehouse_id,
        product_id,
        cast(sum(round(base_qty, 6)) as numeric(18, 6)) as held_qty,
        min(valid_until_on) as held_until_on
    from {{ ref('int_stock__reservations_judged') }}
    where is_live and is_hard and order_id is not null
    group by order_id, order_line_no, warehouse_id, product_id
),

-- Each reservation is judged alone: the one that takes most answers for it.
deprivals as (
    select
        order_id,
        order_line_no,
        reservation_id,
        deprived_qty,
        row_number() over (
            partition by order_id, order_line_no
            order by deprived_qty desc, reservation_id asc
        ) as deprival_rank
    from {{ ref('reservation_deprivals') }}
),

reservations as (
    select * from {{ ref('reservations') }}
),

cases as (
    select * from {{ ref('int_coordination__order_cases_open') }}
),

-- A case of the whole order is one of each of its lines.
line_cases as (
    select
        lines.order_id as on_order_id,
        lines.line_no as on_line_no,
        cases.*,
        sum(cases.open_case_count) over (partition by lines.order_id, lines.line_no)
            as open_case_count_of_line,
        row_number() over (
            partition by lines.order_id, lines.line_no
            order by cases.opened_at desc, cases.case_id desc
        ) as recency_rank
    from cases
    inner join lines
        on
            cases.order_id = lines.order_id
            and coalesce(cases.order_line_no, lines.line_no) = lines.line_no
),

joined as (
    select
        lines.*,
        dates.first_promised_on,
        dates.last_promised_on,
        coalesce(demand.ship_on, lines.due_on) as ship_on,

        coalesce(exposed.is_prepaid, false) as is_prepaid,
        coalesce(exposed.is_beyond_horizon, false) as is_beyond_horizon,
        coalesce(customers.is_risk_flagged, false) as is_risk_flagged,
        coalesce(stops.is_blocked_by_hand, false) as is_blocked_by_hand,
        coalesce(stops.is_stopped_by_overdue, false) as is_stopped_by_overdue,
        -- An order paid in advance takes no credit.
        coalesce(stops.is_over_limit, false) and not coalesce(exposed.is_prepaid, false)
            as is_over_limit,
        stops.credit_limit_reason,
        stops.credit_utilisation_share,
        stops.lift_currency_code,
        stops.overdue_lift_amount,
        stops.over_limit_lift_amount,

        endangered.endangered_qty,
        endangered.endangered_count_id,
        places.free_qty,
        places.promise_safe_qty,
        coalesce(places.is_count_in_doubt, false) as is_count_in_doubt,

        supply.lack_qty,
        supply.supply_kind,
        supply.po_id,
        supply.po_line_no,
        supply.inbound_id,
        supply.po_number,
        supply.supplier_name,
        supply.buyer_name,
        supply.inbound_state,
        supply.expected_on,
        supply.eta_safe_on,
        supply.slip_days,
        supply.absence_reason,
        coalesce(supply.is_overdue_silent, false) as is_overdue_silent,
        available.availability,
        available.available_from_on,
        available.available_safe_from_on,

        held.held_qty,
        held.held_until_on,
        deprivals.deprived_qty,
        deprivals.reservation_id as depriving_reservation_id,
        reservations.made_by_name as deprived_by_name,
        reservations.approved_by_name as deprival_approved_by_name,

        line_cases.case_id,
        line_cases.case_kind,
        line_cases.priority as case_priority,
        line_cases.opened_on as case_opened_on,
        line_cases.open_departments as case_departments,
        line_cases.open_case_count_of_line as open_case_count,
        line_cases.ask_id as leg_ask_id,
        line_cases.ask_name as leg_ask_name,
        line_cases.ask_deputy_id as leg_ask_deputy_id,
        line_cases.ask_deputy_name as leg_ask_deputy_name
    from lines
    left join dates
        on
            lines.order_id = dates.order_id
            and lines.line_no = dates.line_no
    left join demand
        on
            lines.order_id = demand.order_id
            and lines.line_no = demand.line_no
    left join exposed
        on
            lines.order_id = exposed.order_id
            and lines.line_no = exposed.line_no
    left join customers
        on lines.customer_id = customers.customer_id
    left join stops
        on
            lines.customer_id = stops.customer_id
            and case
                when exposed.order_id is null then stops.severity_rank = 1
                else exposed.legal_entity = stops.legal_entity
            end
    left join endangered
        on
            lines.order_id = endangered.order_id
            and lines.line_no = endangered.order_line_no
    left join places
        on
            lines.warehouse_id = places.warehouse_id
            and lines.product_id = places.product_id
    left join supply
        on
            lines.order_id = supply.order_id
            and lines.line_no = supply.line_no
    left join available
        on
            lines.warehouse_id = available.warehouse_id
            and lines.product_id = available.product_id
    left join held
        on
            lines.order_id = held.order_id
            and lines.line_no = held.order_line_no
            and lines.warehouse_id = held.warehouse_id
            and lines.product_id = held.product_id
    left join deprivals
        on
            lines.order_id = deprivals.order_id
            and lines.line_no = deprivals.order_line_no
            and deprivals.deprival_rank = 1
    left join reservations
        on deprivals.reservation_id = reservations.reservation_id
    left join line_cases
        on
            lines.order_id = line_cases.on_order_id
            and lines.line_no = line_cases.on_line_no
            and line_cases.recency_rank = 1
),

found as (
    select
        joined.*,
        case
            when joined.is_risk_flagged then 'risk_flag'
            when joined.is_blocked_by_hand then 'blocked_by_hand'
            when
                joined.is_beyond_horizon
                and (joined.is_stopped_by_overdue or joined.is_over_limit)
                then 'stop_later'
            when joined.is_stopped_by_overdue then 'overdue_material'
            when joined.is_over_limit then 'over_limit'
            when
                not joined.is_prepaid
                and joined.credit_utilisation_share >= nearly_used.from_value
                then 'credit_nearly_used'
        end as payment_finding,
        case
            when joined.endangered_qty > 0 then 'count_loss'
            when joined.is_count_in_doubt then 'count_in_doubt'
        end as stock_finding,
        case
            when joined.lack_qty is null then null
            when joined.supply_kind is null then 'supply_none'
            when joined.inbound_state = 'arrived' then 'supply_at_gate'
            when joined.is_overdue_silent then 'supply_silent'
            when joined.expected_on is null then 'supply_undated'
            when joined.expected_on > joined.ship_on then 'supply_late'
            when joined.eta_safe_on > joined.ship_on then 'supply_may_be_late'
            when joined.slip_days > 0 then 'supply_slipped'
        end as supply_finding,
        case
            when joined.deprived_qty > 0 then 'deprived'
            when joined.held_qty > 0 and joined.held_until_on < joined.ship_on then 'hold_lapses'
        end as reservation_finding,
        case
            when joined.case_priority in ('high', 'urgent') then 'case_urgent'
            when joined.case_id is not null then 'case_open'
        end as case_finding,
        case
            when joined.due_on < {{ as_of() }} then 'past_due'
            when joined.promised_on is null then 'not_promised'
        end as delivery_finding,

        nullif(
            concat_ws(
                ', ',
                case when joined.is_over_limit then 'over_limit' end,
                case when joined.is_stopped_by_overdue then 'overdue_material' end,
                case when joined.is_blocked_by_hand then 'blocked_by_hand' end,
                case when joined.is_risk_flagged then 'risk_flag' end
            ), ''
        ) as stop_reasons,
        -- Money that pays an overdue debt lowers the exposure too: the larger amount lifts both.
        case
            when not joined.is_over_limit and not joined.is_stopped_by_overdue then null
            when joined.is_over_limit and joined.over_limit_lift_amount is null then null
            when joined.is_stopped_by_overdue and joined.overdue_lift_amount is null then null
            else
                greatest(
                    case when joined.is_over_limit then joined.over_limit_lift_amount else 0 end,
                    case
                        when joined.is_stopped_by_overdue then joined.overdue_lift_amount
                        else 0
                    end
                )
        end as payment_lift_amount
    from joined
    left join findings as nearly_used
        on nearly_used.finding = 'credit_nearly_used'
)

select
    order_id,
    line_no,
    order_number,
    customer_id,
    seller_id,
    ordered_on,
    product_id,
    warehouse_id,
    open_qty,
    unit_value,
    requested_on,
    first_promised_on,
    last_promised_on,
    promised_on,
    due_on,

    payment_finding,
    stop_reasons,
    cast(payment_lift_amount as numeric(18, 2)) as payment_lift_amount,
    lift_currency_code,
    is_blocked_by_hand,
    is_risk_flagged,
    credit_limit_reason,

    stock_finding,
    endangered_qty,
    endangered_count_id,
    is_count_in_doubt,
    free_qty,
    promise_safe_qty,

    supply_finding,
    lack_qty,
    supply_kind,
    po_id,
    po_line_no,
    inbound_id,
    po_number,
    supplier_name,
    buyer_name,
    expected_on,
    eta_safe_on,
    slip_days,
    absence_reason,
    availability,
    available_from_on,
    available_safe_from_on,

    reservation_finding,
    held_qty,
    held_until_on,
    deprived_qty,
    depriving_reservation_id,
    deprived_by_name,
    deprival_approved_by_name,

    case_finding,
    open_case_count,
    case_id,
    case_kind,
    case_priority,
    case_opened_on,
    case_departments,
    leg_ask_id,
    leg_ask_name,
    leg_ask_deputy_id,
    leg_ask_deputy_name,

    delivery_finding
from found
