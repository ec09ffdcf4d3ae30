{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='po_id',
    touched='int_supply__orders_touched',
    on_schema_change='fail',
    indexes=[
        {'columns': ['receipt_id', 'receipt_line_no'], 'unique': true},
        {'columns': ['po_id']}
    ]
) }}

with receipts as (
    select * from {{ ref('stg_purchasing__receipts') }}
    where
        received_on <= {{ as_of() }}
        and base_qty > 0
        and {{ joins_touched('po_id', 'int_supply__orders_touched') }}
),

order_lines as (
    select * from {{ ref('stg_purchasing__order_lines') }}
    where {{ joins_touched('po_id', 'int_supply__orders_touched') }}
),

orders as (
    select * from {{ ref('stg_purchasing__orders') }}
    where {{ joins_touched('po_id', 'int_supply__orders_touched') }}
),

products as (
    select * from {{ ref('stg_reference__products') }}
)

select
    receipts.receipt_id,
    receipts.line_no as receipt_line_no,
    receipts.po_id,
    receipts.po_line_no as line_no,
    orders.supplier_id,
    products.category,
    order_lines.first_confirmed_on,
    receipts.received_on,
    round(receipts.base_qty, 6) as received_qty,
    {{ days_between('order_lines.first_confirmed_on', 'receipts.received_on') }} as slip_days
from receipts
inner join order_lines
    on
        receipts.po_id = order_lines.po_id
        and receipts.po_line_no = order_lines.line_no
left join orders
    on receipts.po_id = orders.po_id
left join products
    on order_lines.product_id = products.product_id
