-- Fail for every purchase line whose receipts do not add up to the line after the split.
with lines as (
    select * from {{ ref('int_supply__lines_progressed') }}
),

inbound_totals as (
    select
        po_id,
        line_no,
        sum(received_qty) as received_qty,
        sum(in_transit_qty) as in_transit_qty,
        sum(not_shipped_qty) as not_shipped_qty
    from {{ ref('int_supply__inbounds_filled') }}
    group by po_id, line_no
)

select
    lines.po_id,
    lines.line_no,
    lines.received_qty,
    inbound_totals.received_qty as spread_received_qty
from lines
left join inbound_totals
    on
        lines.po_id = inbound_totals.po_id
        and lines.line_no = inbound_totals.line_no
where
    lines.received_qty is distinct from coalesce(inbound_totals.received_qty, 0)
    or lines.not_shipped_qty is distinct from coalesce(inbound_totals.not_shipped_qty, 0)
    or inbound_totals.in_transit_qty < 0
