{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='order_id',
    touched='int_money__orders_touched',
    on_schema_change='fail',
    indexes=[{'columns': ['order_id', 'line_no'], 'unique': true}]
) }}

with progressed as (
    {{ order_lines_progressed('int_money__orders_touched') }}
),

-- Only an invoice bills goods, and only its reversal undoes that: credit and debit notes are about
-- money, and goods that came back are not to be billed again.
billed as (
    select
        invoice_lines.order_id,
        invoice_lines.order_line_no,
        sum(invoice_lines.base_qty) as billed_base_qty,
        sum(
            case
                when invoice_lines.posted_on <= {{ as_of() }} then invoice_lines.base_qty
                else 0
            end
        ) as posted_base_qty
    from {{ ref('stg_accounting__invoice_lines') }} as invoice_lines
    left join {{ ref('stg_accounting__documents') }} as reversed_documents
        on invoice_lines.reversed_document_id = reversed_documents.document_id
    where
        (
            invoice_lines.document_kind = 'invoice'
            or (
                invoice_lines.document_kind = 'reversal'
                and reversed_documents.document_kind = 'invoice'
            )
        )
        and {{ joins_touched('invoice_lines.order_id', 'int_money__orders_touched') }}
    group by invoice_lines.order_id, invoice_lines.order_line_no
)

select
    progressed.order_id,
    progressed.line_no,
    progressed.product_id,
    progressed.requested_on,

    progressed.base_num,
    progressed.base_den,
    progressed.ordered_base_qty,
    progressed.cancelled_base_qty,
    progressed.shipped_base_qty,
    coalesce(billed.billed_base_qty, 0) as billed_base_qty,
    coalesce(billed.posted_base_qty, 0) as posted_base_qty,

    progressed.unit_net_price,
    progressed.tax_rate,

    progressed.source_system,
    progressed.source_id
from progressed
left join billed
    on
        progressed.order_id = billed.order_id
        and progressed.line_no = billed.order_line_no
-- Lines that are done are history: no build asks for them again until something touches them.
where
    progressed.ordered_base_qty - progressed.cancelled_base_qty > progressed.shipped_base_qty
    or progressed.shipped_base_qty > coalesce(billed.billed_base_qty, 0)
    or coalesce(billed.billed_base_qty, 0) > coalesce(billed.posted_base_qty, 0)
