{{ config(
    materialized='table',
    indexes=[{'columns': ['receipt_id', 'receipt_line_no'], 'unique': true}]
) }}

with receipts as (
    select * from {{ ref('stg_purchasing__receipts') }}
    where
        base_qty > 0
        and received_on <= {{ as_of() }}
        -- By the clock too, which has an index.
        and received_at >= {{ add_days(as_of(), -36) }}
        and received_on >= {{ add_days(as_of(), -35) }}
),

order_lines as (
    select * from {{ ref('stg_purchasing__order_lines') }}
)

select
    receipts.receipt_id,
    receipts.line_no as receipt_line_no,
    receipts.warehouse_id,
    receipts.product_id,
    receipts.received_on,
    cast(round(receipts.base_qty, 6) as numeric(18, 6)) as received_qty,
    cast(
        case when receipts.quality_status = 'usable' then 0 else round(receipts.base_qty, 6) end
        as numeric(18, 6)
    ) as held_qty,
    case when receipts.quality_status = 'usable' then 'available' else 'received' end
        as receipt_state,
    receipts.source_system,
    receipts.source_id
from receipts
left join order_lines
    on
        receipts.po_id = order_lines.po_id
        and receipts.po_line_no = order_lines.line_no
where
    order_lines.po_id is null
    and receipts.product_id is not null
