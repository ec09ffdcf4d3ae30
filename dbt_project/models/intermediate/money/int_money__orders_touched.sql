{{ config(materialized='table') }}

-- Every import is used once and asks for its keys itself, so that an index finds them.
with documents_since as (
    select document_id
    from {{ ref('stg_accounting__documents') }}
    where posted_on > {{ shown_until() }}
),

documents_moved as (
    select document_id from {{ ref('stg_accounting__documents_changed') }}

    union distinct

    select document_id from documents_since
),

billed_again as (
    select order_id
    from {{ ref('stg_accounting__invoice_lines') }}
    where {{ among('document_id', 'select document_id from documents_moved') }}
),

lines_of_products as (
    select order_id
    from {{ ref('stg_accounting__invoice_lines') }}
    where {{ among('product_id', 'select * from ' ~ ref('int_masterdata__products_touched')) }}
),

concerned as (
    select order_id from {{ ref('int_sales__orders_touched') }}

    union distinct

    select order_id from {{ ref('stg_accounting__invoice_lines_changed') }}

    union distinct

    select order_id from billed_again

    union distinct

    select order_id from lines_of_products
)

select order_id
from concerned
-- A whole build asks for no list.
where order_id is not null and not {{ is_whole_build() }}
