-- uses: qualities
-- Stock entries. The ERP keeps quantities without a sign and a way instead (+ came, - left).
-- An issue taken back is an entry of the same type that came: it stays a sale_issue, with the
-- entry it cancels. `touched_at` changes with every change of the row, so it is the cursor.
with

entries as (
    select * from erp.stock_entry
    where touched_at > current_setting('daymart.since')::timestamptz
),

items as (
    select * from erp.item
),

-- Usable goods in a store of purpose CONSIGN are ours and lie at a customer.
stores as (
    select * from erp.store
),

kinds (type, kind) as (
    values
    ('PUR', 'receipt'),
    ('SAL', 'sale_issue'),
    ('RET', 'return_in'),
    ('TRO', 'transfer_out'),
    ('TRI', 'transfer_in'),
    ('CNT', 'adjust'),
    ('QST', 'status_change')
)

select
    entries.id::text as movement_id,
    entries.moved_at::timestamptz as moved_at,
    entries.store::text as warehouse_id,
    entries.item_id::text as product_id,
    entries.lot::text as lot_id,
    (
        case
            when stores.purpose = 'CONSIGN' and entries.quality = 'A' then 'consigned'
            else coalesce(qualities.quality_status, entries.quality)
        end
    )::text as quality_status,
    (case entries.way when '+' then entries.qty else -entries.qty end)::numeric(18, 6) as qty,
    items.unit::text as uom,
    coalesce(kinds.kind, entries.type)::text as kind,
    entries.doc::text as document_id,
    entries.doc_line::integer as document_line_no,
    entries.cancels_id::text as reverses_movement_id,
    entries.touched_at::timestamptz as changed_at,
    entries.id::text as source_id
from entries
left join items on entries.item_id = items.id
left join kinds on entries.type = kinds.type
left join qualities on entries.quality = qualities.code
left join stores on entries.store = stores.code
order by entries.id
