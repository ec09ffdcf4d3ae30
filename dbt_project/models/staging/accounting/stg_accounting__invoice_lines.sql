with invoice_lines as (
    select * from {{ source('accounting', 'acc_invoice_line') }}
),

documents as (
    select * from {{ ref('stg_accounting__documents') }}
),

dated as (
    select
        invoice_lines.*,
        documents.document_kind,
        documents.document_on,
        documents.posted_on,
        documents.legal_entity
    from invoice_lines
    left join documents
        on invoice_lines.document_id = documents.document_id
)

select
    dated.document_id,
    dated.line_no,
    dated.document_kind,
    dated.posted_on,
    dated.legal_entity,

    dated.order_id,
    dated.order_line_no,
    dated.shipment_id,
    dated.product_id,

    dated.qty as source_qty,
    dated.uom,
    {{ base_qty('dated', 'dated.qty') }} as base_qty,
    dated.net as net_amount,
    dated.tax as tax_amount,

    dated.source_system,
    dated.source_id
from dated
{{ join_base_unit('dated', 'coalesce(dated.document_on, ' ~ as_of() ~ ')') }}
