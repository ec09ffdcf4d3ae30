{{ config(materialized='table') }}

with documents as (
    select * from {{ ref('stg_accounting__documents') }}
),

allocations as (
    select * from {{ ref('stg_accounting__allocations') }}
),

documents_changed as (
    select * from {{ ref('stg_accounting__documents_changed') }}
),

allocations_changed as (
    select * from {{ ref('stg_accounting__allocations_changed') }}
),

concerned as (
    select document_id from documents_changed

    union distinct

    select reversed_document_id from documents_changed

    union distinct

    select original_document_id from documents_changed

    union distinct

    select document_id from {{ ref('stg_accounting__instalments_changed') }}

    union distinct

    select from_document_id from allocations_changed

    union distinct

    select to_document_id from allocations_changed

    union distinct

    -- What was dated later than readers see takes effect as days go by.
    select document_id
    from documents
    where posted_on > {{ shown_until() }}

    union distinct

    select from_document_id
    from allocations
    where effective_on > {{ shown_until() }}

    union distinct

    select document_id
    from documents
    where
        {{ among('customer_id', 'select * from ' ~ ref('int_masterdata__customers_touched')) }}
),

-- Papers that take another one back or refer to it show what it is.
with_referring as (
    select document_id from concerned

    union distinct

    select document_id
    from documents
    where {{ among('reversed_document_id', 'select document_id from concerned') }}

    union distinct

    select document_id
    from documents
    where {{ among('original_document_id', 'select document_id from concerned') }}
),

with_linked as (
    select document_id from with_referring

    union distinct

    select to_document_id
    from allocations
    where {{ among('from_document_id', 'select document_id from with_referring') }}

    union distinct

    select from_document_id
    from allocations
    where {{ among('to_document_id', 'select document_id from with_referring') }}
)

select document_id
from with_linked
-- A whole build asks for no list.
where document_id is not null and not {{ is_whole_build() }}
