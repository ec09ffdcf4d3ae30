-- What papers bill, signed by the side of their paper: a credit note's lines are negative.
with

papers as (
    select * from erp.paper
),

lines as (
    select * from erp.paper_line
    where touched_on >= current_setting('daymart.since')::timestamptz::date
),

signed as (
    select
        lines.*,
        case papers.side when 'D' then 1 else -1 end as sign
    from lines
    inner join papers on lines.paper_id = papers.id
)

select
    signed.paper_id::text as document_id,
    signed.line_no::integer as line_no,
    signed.sale_id::text as order_id,
    signed.sale_line::integer as order_line_no,
    signed.dispatch_id::text as shipment_id,
    signed.item_id::text as product_id,
    (signed.sign * signed.qty)::numeric(18, 6) as qty,
    signed.unit::text as uom,
    (signed.sign * signed.net)::numeric(18, 2) as net,
    (signed.sign * signed.vat)::numeric(18, 2) as tax,
    signed.paper_id || '/' || signed.line_no as source_id
from signed
order by signed.paper_id, signed.line_no
