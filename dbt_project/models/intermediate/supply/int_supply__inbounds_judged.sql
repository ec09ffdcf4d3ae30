with inbounds as (
    select * from {{ ref('int_supply__inbounds_filled') }}
),

lines as (
    select * from {{ ref('int_supply__lines_progressed') }}
),

dates as (
    select * from {{ ref('int_supply__dates_expected') }}
),

orders as (
    select * from {{ ref('stg_purchasing__orders') }}
),

products as (
    select
        product_id,
        category
    from {{ ref('stg_reference__products') }}
),

usual_slips as (
    select * from {{ ref('int_supply__slips_usual') }}
),

joined as (
    select
        inbounds.*,
        orders.po_number,
        orders.ordered_on,
        orders.supplier_id,
        orders.buyer_id,
        orders.source_system,
        orders.source_id,
        lines.product_id,
        lines.warehouse_id,
        lines.supply_state,
        lines.ordered_qty,
        lines.cancelled_qty,
        lines.returned_qty,
        lines.over_qty,
        lines.held_qty,
        lines.inbound_qty as line_inbound_qty,
        lines.is_fully_received,
        lines.last_received_on,
        dates.requested_on,
        dates.first_confirmed_on,
        dates.expected_on,
        dates.date_change_count,
        dates.date_changed_at,
        dates.date_change_reason,
        lines.supply_state not in ('received', 'available', 'cancelled')
        or inbounds.in_transit_qty > 0 as is_line_open,
        inbounds.in_transit_qty + inbounds.not_shipped_qty as outstanding_qty
    from inbounds
    inner join lines
        on
            inbounds.po_id = lines.po_id
            and inbounds.line_no = lines.line_no
    inner join dates
        on
            inbounds.po_id = dates.po_id
            and inbounds.line_no = dates.line_no
    left join orders
        on inbounds.po_id = orders.po_id
),

awaited as (
    select
        joined.*,
        -- A line closed short slipped to the day its last goods came.
        case
            when not is_line_open or is_fully_received then coalesce(last_received_on, expected_on)
            else expected_on
        end as compared_on,
        -- What was cancelled is told until the day it was expected is past, too.
        case
            when cancelled_qty > 0
                then
                    greatest(
                        coalesce(last_received_on, ordered_on, expected_on),
                        coalesce(expected_on, last_received_on, ordered_on)
                    )
            else coalesce(last_received_on, ordered_on)
        end as closed_on,
        is_line_open and outstanding_qty > 0 as is_awaited,
        sum(case when is_line_open then outstanding_qty else 0 end)
            over (partition by po_id, line_no)
        > 0 as is_line_awaited
    from joined
),

-- Still awaited, or closed within the restatement window: 35 days.
followed as (
    select
        awaited.*,
        is_awaited and coalesce(expected_on < {{ as_of() }}, false) as is_overdue_silent
    from awaited
    where
        is_line_awaited
        or closed_on >= {{ add_days(as_of(), -35) }}
),

-- A supplier that is early as a rule is not promised early: only what it says counts.
with_usual_slip as (
    select
        followed.*,
        greatest(coalesce(of_supplier.usual_slip_days, of_category.usual_slip_days, 0), 0)
            as usual_slip_days,
        case
            when of_supplier.slip_of is not null then 'supplier'
            when of_category.slip_of is not null then 'category'
            else 'none'
        end as usual_slip_basis
    from followed
    left join products
        on followed.product_id = products.product_id
    left join usual_slips as of_supplier
        on
            followed.supplier_id = of_supplier.slip_of
            and of_supplier.slip_basis = 'supplier'
    left join usual_slips as of_category
        on
            products.category = of_category.slip_of
            and of_category.slip_basis = 'category'
)

select
    with_usual_slip.po_id,
    with_usual_slip.line_no,
    with_usual_slip.inbound_id,
    with_usual_slip.po_number,
    with_usual_slip.ordered_on,
    with_usual_slip.supplier_id,
    with_usual_slip.buyer_id,
    with_usual_slip.warehouse_id,
    with_usual_slip.product_id,
    with_usual_slip.supply_state,

    with_usual_slip.requested_on,
    with_usual_slip.first_confirmed_on,
    with_usual_slip.expected_on,
    {{ days_between('with_usual_slip.first_confirmed_on', 'with_usual_slip.compared_on') }}
        as slip_days,
    with_usual_slip.date_change_count,
    with_usual_slip.date_changed_at,
    with_usual_slip.date_change_reason,
    with_usual_slip.is_awaited,
    with_usual_slip.is_overdue_silent,
    -- Silence is no date: nothing is safe to say until there is a new one.
    case
        when with_usual_slip.is_awaited and not with_usual_slip.is_overdue_silent
            then {{ add_days('with_usual_slip.expected_on', 'with_usual_slip.usual_slip_days') }}
    end as eta_safe_on,
    case
        when
            with_usual_slip.is_awaited
            and not with_usual_slip.is_overdue_silent
            and with_usual_slip.expected_on is not null
            then with_usual_slip.usual_slip_basis
    end as eta_safe_basis,

    with_usual_slip.shipped_on,
    with_usual_slip.arrived_on,
    with_usual_slip.title_passed_on,
    with_usual_slip.last_received_on,
    with_usual_slip.carrier,
    with_usual_slip.transport_document_no,

    with_usual_slip.shipped_qty,
    with_usual_slip.received_qty,
    with_usual_slip.in_transit_qty,
    with_usual_slip.not_shipped_qty,
    with_usual_slip.outstanding_qty,
    with_usual_slip.line_inbound_qty,
    with_usual_slip.ordered_qty,
    with_usual_slip.cancelled_qty,
    with_usual_slip.over_qty,
    with_usual_slip.returned_qty,
    with_usual_slip.held_qty,

    with_usual_slip.source_system,
    with_usual_slip.source_id
from with_usual_slip
