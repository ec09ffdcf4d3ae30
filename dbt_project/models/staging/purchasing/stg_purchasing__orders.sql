{{ config(unique_key='po_id') }}

select
    po_id,
    number as po_number,
    supplier_id,
    order_date as ordered_on,
    currency as currency_code,
    incoterm,
    buyer_id,

    source_system,
    source_id
from {{ source('purchasing', 'pur_order') }}
