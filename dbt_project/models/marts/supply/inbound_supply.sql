with inbounds as (
    select * from {{ ref('int_supply__inbounds_judged') }}
),

receipts_without_order as (
    select * from {{ ref('int_supply__receipts_without_order') }}
),

free_supplies as (
    select * from {{ ref('int_supply__supply_left_free') }}
),

reasons as (
    select * from {{ ref('absence_reason') }}
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

explained as (
    select
        inbounds.*,
        coalesce(free_supplies.free_qty, 0) as free_to_sell_qty,
        inbounds.is_awaited
        and inbounds.inbound_id <> ''
        and coalesce(inbounds.arrived_on <= {{ as_of() }}, false) as is_at_the_gate,
        inbounds.is_awaited
        and inbounds.date_change_count > 0
        and (
            inbounds.is_overdue_silent
            or inbounds.expected_on is null
            or inbounds.slip_days > 0
        ) as is_moved_away,
        coalesce(reasons.absence_reason, 'unknown') as stated_reason
    from inbounds
    left join free_supplies
        on
            inbounds.po_id = free_supplies.po_id
            and inbounds.line_no = free_supplies.line_no
            and inbounds.inbound_id = free_supplies.inbound_id
    left join reasons
        on inbounds.date_change_reason = reasons.change_reason
),

staged as (
    select
        explained.*,
        case
            when is_at_the_gate then 'arrived'
            when inbound_id <> '' and in_transit_qty > 0 then 'shipped'
            when not_shipped_qty > 0 and is_awaited
                then
                    case
                        when coalesce(expected_on, first_confirmed_on) is null then 'ordered'
                        else 'confirmed'
                    end
            when received_qty > 0 and held_qty > 0 then 'received'
            when received_qty > 0 then 'available'
            else 'cancelled'
        end as inbound_state,
        case
            when inbound_id <> '' and (in_transit_qty = 0 or is_at_the_gate)
                then 'goods_and_papers'
            when inbound_id <> '' and coalesce(title_passed_on <= {{ as_of() }}, false)
                then 'papers_without_goods'
            when inbound_id <> '' then 'on_the_way'
            when received_qty > 0 and line_inbound_qty > 0 then 'goods_without_papers'
            when received_qty > 0 then 'goods_and_papers'
            else 'not_sent'
        end as place_and_title,
        case
            when is_at_the_gate then 'received_not_put_away'
            when is_moved_away then stated_reason
            -- The day passed without a word: who had the goods last answers.
            when is_overdue_silent and inbound_id <> '' then 'transport'
            when is_overdue_silent then 'supplier_late'
            when
                is_awaited
                and expected_on is null
                and requested_on < {{ as_of() }}
                then 'supplier_late'
            when is_awaited then null
            when held_qty > 0 then 'quality_hold'
            when cancelled_qty > 0 and cancelled_qty < ordered_qty then 'quantity_short'
            when cancelled_qty > 0 then 'not_ordered'
        end as absence_reason
    from explained
),

told as (
    select
        po_id,
        line_no,
        inbound_id,
        po_number,
        ordered_on,
        supplier_id,
        buyer_id,
        warehouse_id,
        product_id,
        supply_state,
        inbound_state,
        place_and_title,
        absence_reason,
        requested_on,
        first_confirmed_on,
        expected_on,
        eta_safe_on,
        eta_safe_basis,
        slip_days,
        date_change_count,
        date_changed_at,
        date_change_reason,
        is_overdue_silent,
        shipped_on,
        arrived_on,
        title_passed_on,
        last_received_on,
        carrier,
        transport_document_no,
        shipped_qty,
        received_qty,
        in_transit_qty,
        not_shipped_qty,
        free_to_sell_qty,
        ordered_qty,
        cancelled_qty,
        over_qty,
        returned_qty,
        held_qty,
        source_system,
        source_id
    from staged

    union all

    select
        '' as po_id,
        receipt_line_no as line_no,
        receipt_id as inbound_id,
        cast(null as {{ text_type() }}) as po_number,
        cast(null as date) as ordered_on,
        cast(null as {{ text_type() }}) as supplier_id,
        cast(null as {{ text_type() }}) as buyer_id,
        warehouse_id,
        product_id,
        receipt_state as supply_state,
        receipt_state as inbound_state,
        'goods_without_papers' as place_and_title,
        case when held_qty > 0 then 'quality_hold' end as absence_reason,
        cast(null as date) as requested_on,
        cast(null as date) as first_confirmed_on,
        cast(null as date) as expected_on,
        cast(null as date) as eta_safe_on,
        cast(null as {{ text_type() }}) as eta_safe_basis,
        cast(null as integer) as slip_days,
        0 as date_change_count,
        cast(null as timestamp with time zone) as date_changed_at,
        cast(null as {{ text_type() }}) as date_change_reason,
        false as is_overdue_silent,
        cast(null as date) as shipped_on,
        received_on as arrived_on,
        cast(null as date) as title_passed_on,
        received_on as last_received_on,
        cast(null as {{ text_type() }}) as carrier,
        cast(null as {{ text_type() }}) as transport_document_no,
        received_qty as shipped_qty,
        received_qty,
        0 as in_transit_qty,
        0 as not_shipped_qty,
        0 as free_to_sell_qty,
        0 as ordered_qty,
        0 as cancelled_qty,
        received_qty as over_qty,
        0 as returned_qty,
        held_qty,
        source_system,
        source_id
    from receipts_without_order
)

select
    told.po_id,
    told.line_no,
    told.inbound_id,
    told.po_number,
    told.ordered_on,

    told.supplier_id,
    {{ name_or_placeholder('suppliers.supplier_name', 'supplier', 'told.supplier_id') }}
        as supplier_name,
    told.buyer_id,
    employees.employee_name as buyer_name,
    told.warehouse_id,
    case
        when told.warehouse_id is not null
            then
                {{ name_or_placeholder(
                    'warehouses.warehouse_name', 'warehouse', 'told.warehouse_id'
                ) }}
    end as warehouse_name,
    told.product_id,
    products.product_code,
    {{ name_or_placeholder('products.product_name', 'product', 'told.product_id') }}
        as product_name,
    products.base_uom,

    told.supply_state,
    told.inbound_state,
    told.place_and_title,
    told.absence_reason,
    told.requested_on,
    told.first_confirmed_on,
    told.expected_on,
    told.eta_safe_on,
    told.eta_safe_basis,
    cast(told.slip_days as integer) as slip_days,
    cast(told.date_change_count as integer) as date_change_count,
    told.date_changed_at,
    told.date_change_reason,
    told.is_overdue_silent,

    told.shipped_on,
    told.arrived_on,
    told.title_passed_on,
    told.last_received_on,
    told.carrier,
    told.transport_document_no,

    cast(told.shipped_qty as numeric(18, 6)) as shipped_qty,
    cast(told.received_qty as numeric(18, 6)) as received_qty,
    cast(told.in_transit_qty as numeric(18, 6)) as in_transit_qty,
    cast(told.not_shipped_qty as numeric(18, 6)) as not_shipped_qty,
    cast(told.free_to_sell_qty as numeric(18, 6)) as free_to_sell_qty,
    cast(told.ordered_qty as numeric(18, 6)) as ordered_qty,
    cast(told.cancelled_qty as numeric(18, 6)) as cancelled_qty,
    cast(told.over_qty as numeric(18, 6)) as over_qty,
    cast(told.returned_qty as numeric(18, 6)) as returned_qty,
    cast(told.held_qty as numeric(18, 6)) as held_qty,

    told.source_system,
    told.source_id
from told
left join suppliers
    on told.supplier_id = suppliers.supplier_id
left join employees
    on
        told.buyer_id = employees.employee_id
        and {{ as_of() }} >= employees.valid_from
        and ({{ as_of() }} < employees.valid_to or employees.valid_to is null)
left join products
    on told.product_id = products.product_id
left join warehouses
    on told.warehouse_id = warehouses.warehouse_id
