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

suppliers as (
    select * from {{ ref('stg_reference__suppliers') }}
),

employees as (
    select * from {{ ref('stg_reference__employees') }}
),

products as (
    select * from {{ ref('stg_reference__products') }}
),

warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
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

judged as (
    select
        joined.*,
        case when is_fully_received then last_received_on else expected_on end as compared_on,
        is_line_open and outstanding_qty > 0 as is_awaited,
        sum(case when is_line_open then outstanding_qty else 0 end)
            over (partition by po_id, line_no)
        > 0 as is_line_awaited
    from joined
)

select
    judged.po_id,
    judged.line_no,
    judged.inbound_id,
    judged.po_number,
    judged.ordered_on,

    judged.supplier_id,
    {{ name_or_placeholder('suppliers.supplier_name', 'supplier', 'judged.supplier_id') }}
        as supplier_name,
    judged.buyer_id,
    employees.employee_name as buyer_name,
    judged.warehouse_id,
    case
        when judged.warehouse_id is not null
            then
                {{ name_or_placeholder(
                    'warehouses.warehouse_name', 'warehouse', 'judged.warehouse_id'
                ) }}
    end as warehouse_name,
    judged.product_id,
    products.product_code,
    {{ name_or_placeholder('products.product_name', 'product', 'judged.product_id') }}
        as product_name,
    products.base_uom,

    judged.supply_state,
    judged.requested_on,
    judged.first_confirmed_on,
    judged.expected_on,
    {{ days_between('judged.first_confirmed_on', 'judged.compared_on') }} as slip_days,
    cast(judged.date_change_count as integer) as date_change_count,
    judged.date_changed_at,
    judged.date_change_reason,
    judged.is_awaited and coalesce(judged.expected_on < {{ as_of() }}, false) as is_overdue_silent,

    judged.shipped_on,
    judged.arrived_on,
    judged.last_received_on,
    judged.carrier,
    judged.transport_document_no,

    cast(judged.shipped_qty as numeric(18, 6)) as shipped_qty,
    cast(judged.received_qty as numeric(18, 6)) as received_qty,
    cast(judged.in_transit_qty as numeric(18, 6)) as in_transit_qty,
    cast(judged.not_shipped_qty as numeric(18, 6)) as not_shipped_qty,
    cast(judged.ordered_qty as numeric(18, 6)) as ordered_qty,
    cast(judged.cancelled_qty as numeric(18, 6)) as cancelled_qty,
    cast(judged.over_qty as numeric(18, 6)) as over_qty,
    cast(judged.returned_qty as numeric(18, 6)) as returned_qty,

    judged.source_system,
    judged.source_id
from judged
left join suppliers
    on judged.supplier_id = suppliers.supplier_id
left join employees
    on
        judged.buyer_id = employees.employee_id
        and {{ as_of() }} >= employees.valid_from
        and ({{ as_of() }} < employees.valid_to or employees.valid_to is null)
left join products
    on judged.product_id = products.product_id
left join warehouses
    on judged.warehouse_id = warehouses.warehouse_id
-- Still awaited, or closed within the restatement window: 35 days.
where
    judged.is_line_awaited
    or coalesce(judged.last_received_on, judged.ordered_on)
    >= {{ add_days(as_of(), -35) }}
