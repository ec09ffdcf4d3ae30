{{ config(unique_key='inbound_id') }}

with inbounds as (
    select * from {{ source('purchasing', 'pur_inbound') }}
),

order_lines as (
    select * from {{ ref('stg_purchasing__order_lines') }}
),

with_product as (
    select
        inbounds.*,
        order_lines.product_id
    from inbounds
    left join order_lines
        on
            inbounds.po_id = order_lines.po_id
            and inbounds.line_no = order_lines.line_no
)

select
    with_product.inbound_id,
    with_product.po_id,
    with_product.line_no,
    with_product.product_id,
    with_product.shipped_at as shipped_on,
    with_product.arrived_at as arrived_on,
    with_product.title_passed_at as title_passed_on,
    with_product.carrier,
    with_product.document_no as transport_document_no,

    with_product.qty as source_qty,
    with_product.uom,
    {{ base_qty('with_product', 'with_product.qty') }} as base_qty,

    with_product.source_system,
    with_product.source_id
from with_product
{{ join_base_unit('with_product', 'coalesce(with_product.shipped_at, ' ~ as_of() ~ ')') }}
