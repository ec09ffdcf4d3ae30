-- Lines of sales orders. The ERP keeps a list price and a discount, both before tax, and
-- percentages; the contract wants the price after discount and the tax as a share.
with

lines as (
    select * from erp.sale_line
    where touched_on >= current_setting('daymart.since')::timestamptz::date
)

select
    lines.sale_id::text as order_id,
    lines.line_no::integer as line_no,
    lines.item_id::text as product_id,
    lines.store::text as warehouse_id,
    lines.qty::numeric(18, 6) as qty,
    lines.unit::text as uom,
    lines.dropped_qty::numeric(18, 6) as cancelled_qty,
    (lines.list_price * (100 - lines.discount_pct) / 100)::numeric(18, 8) as price_net,
    (lines.vat_pct / 100)::numeric(18, 8) as tax_rate,
    lines.wanted_on::date as requested_date,
    lines.sale_id || '/' || lines.line_no as source_id
from lines
order by lines.sale_id, lines.line_no
