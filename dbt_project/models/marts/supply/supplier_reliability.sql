with lines as (
    select * from {{ ref('int_supply__lines_progressed') }}
),

order_lines as (
    select
        po_id,
        line_no,
        first_confirmed_on
    from {{ ref('stg_purchasing__order_lines') }}
    where
        first_confirmed_on <= {{ as_of() }}
        and first_confirmed_on
        >= {{ add_months(
            first_of_month(as_of()),
            '1 - cast(' ~ supply_rule('reliability_months') ~ ' as integer)'
        ) }}
),

orders as (
    select * from {{ ref('stg_purchasing__orders') }}
),

receipts as (
    select * from {{ ref('int_supply__receipts_dated') }}
),

suppliers as (
    select * from {{ ref('stg_reference__suppliers') }}
),

products as (
    select * from {{ ref('stg_reference__products') }}
),

-- A line given up whole before anything came was nobody's delivery to keep.
due_lines as (
    select
        lines.po_id,
        lines.line_no,
        orders.supplier_id,
        products.base_uom,
        {{ first_of_month('order_lines.first_confirmed_on') }} as month_on,
        order_lines.first_confirmed_on,
        lines.ordered_qty
    from order_lines
    inner join lines
        on
            order_lines.po_id = lines.po_id
            and order_lines.line_no = lines.line_no
    inner join orders
        on order_lines.po_id = orders.po_id
    left join products
        on lines.product_id = products.product_id
    where
        lines.received_qty > 0
        or lines.cancelled_qty < lines.ordered_qty
),

due_receipts as (
    select
        due_lines.po_id,
        due_lines.line_no,
        due_lines.supplier_id,
        due_lines.month_on,
        receipts.received_qty,
        receipts.slip_days,
        row_number() over (
            partition by due_lines.supplier_id, due_lines.month_on
            order by receipts.slip_days
        ) as place,
        count(*) over (partition by due_lines.supplier_id, due_lines.month_on) as receipt_count
    from due_lines
    inner join receipts
        on
            due_lines.po_id = receipts.po_id
            and due_lines.line_no = receipts.line_no
),

line_receipts as (
    select
        po_id,
        line_no,
        sum(received_qty) as received_qty,
        sum(case when slip_days <= 0 then received_qty else 0 end) as in_time_qty
    from due_receipts
    group by po_id, line_no
),

-- What came over the order makes up for nothing that came late.
judged as (
    select
        due_lines.*,
        coalesce(line_receipts.received_qty, 0) as received_qty,
        least(coalesce(line_receipts.in_time_qty, 0), due_lines.ordered_qty) as on_time_qty,
        coalesce(line_receipts.in_time_qty, 0)
        >= due_lines.ordered_qty * (1 - {{ supply_rule('otif_short_share') }}) as is_otif
    from due_lines
    left join line_receipts
        on
            due_lines.po_id = line_receipts.po_id
            and due_lines.line_no = line_receipts.line_no
),

months as (
    select
        supplier_id,
        month_on,
        count(*) as due_line_count,
        sum(case when received_qty > 0 then 1 else 0 end) as received_line_count,
        sum(case when is_otif then 1 else 0 end) as otif_line_count,
        sum(ordered_qty) as ordered_qty,
        sum(received_qty) as received_qty,
        sum(on_time_qty) as on_time_qty,
        count(distinct base_uom) as base_uom_count
    from judged
    group by supplier_id, month_on
),

slips as (
    select
        supplier_id,
        month_on,
        max(receipt_count) as receipt_count,
        {{ smallest_covering(
            'slip_days', 'place', 'receipt_count', supply_rule('typical_slip_share')
        ) }} as p50_slip_days,
        {{ smallest_covering('slip_days', 'place', 'receipt_count', supply_rule('slip_share')) }}
            as p80_slip_days
    from due_receipts
    group by supplier_id, month_on
)

select
    months.supplier_id,
    months.month_on,
    {{ name_or_placeholder('suppliers.supplier_name', 'supplier', 'months.supplier_id') }}
        as supplier_name,

    cast(months.due_line_count as integer) as due_line_count,
    cast(months.received_line_count as integer) as received_line_count,
    cast(months.otif_line_count as integer) as otif_line_count,
    -- Nothing received tells nothing: neither all nor none was on time.
    cast(
        case
            when months.received_line_count > 0
                then 1.0 * months.otif_line_count / months.due_line_count
        end
        as numeric(9, 6)
    ) as otif_original_share,

    cast(months.ordered_qty as numeric(18, 6)) as ordered_qty,
    cast(months.received_qty as numeric(18, 6)) as received_qty,
    cast(months.on_time_qty as numeric(18, 6)) as on_time_qty,
    cast(
        case
            when months.received_line_count > 0 and months.ordered_qty > 0
                then months.on_time_qty / months.ordered_qty
        end
        as numeric(9, 6)
    ) as on_time_qty_share,
    cast(months.base_uom_count as integer) as base_uom_count,

    cast(coalesce(slips.receipt_count, 0) as integer) as receipt_count,
    cast(slips.p50_slip_days as integer) as p50_slip_days,
    cast(slips.p80_slip_days as integer) as p80_slip_days
from months
left join slips
    on
        months.supplier_id = slips.supplier_id
        and months.month_on = slips.month_on
left join suppliers
    on months.supplier_id = suppliers.supplier_id
