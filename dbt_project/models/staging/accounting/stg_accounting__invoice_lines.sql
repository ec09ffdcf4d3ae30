{{ config(unique_key='document_id') }}

select
    invoice_lines.document_id,
    invoice_lines.line_no,
    documents.document_kind,
    documents.posted_on,
    documents.legal_entity,
    documents.reversed_document_id,

    invoice_lines.order_id,
    invoice_lines.order_line_no,
    invoice_lines.shipment_id,
    invoice_lines.product_id,

    invoice_lines.qty as source_qty,
    invoice_lines.uom,
    {{ base_qty('invoice_lines', 'invoice_lines.qty') }} as base_qty,
    invoice_lines.net as net_amount,
    invoice_lines.tax as tax_amount,

    invoice_lines.source_system,
    invoice_lines.source_id
from {{ source('accounting', 'acc_invoice_line') }} as invoice_lines
left join {{ ref('stg_accounting__documents') }} as documents
    on invoice_lines.document_id = documents.document_id
{{ join_base_unit('invoice_lines', 'coalesce(documents.document_on, ' ~ as_of() ~ ')') }}
