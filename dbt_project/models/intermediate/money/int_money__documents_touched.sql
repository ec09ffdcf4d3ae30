{{ config(materialized='table') }}

-- Every import is used once and asks for its keys itself, so that an index finds them.
with documents_changed as (
    select * from {{ ref('stg_accounting__documents_changed') }}
),

allocations_changed as (
    select * from {{ ref('stg_accounting__allocations_changed') }}
),

-- What was dated later than readers see takes effect as days go by, on what it takes back too.
documents_since as (
    select
        document_id,
        reversed_document_id
    from {{ ref('stg_accounting__documents') }}
    where posted_on > {{ shown_until() }}
),

allocations_since as (
    select from_document_id
    from {{ ref('stg_accounting__allocations') }}
    where effective_on > {{ shown_until() }}
),

documents_of_customers as (
    select document_id
    from {{ ref('stg_accounting__documents') }}
    where
        {{ among('customer_id', 'select * from ' ~ ref('int_masterdata__customers_touched')) }}
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

    select document_id from documents_since

    union distinct

    select reversed_document_id from documents_since

    union distinct

    select from_document_id from allocations_since

    union distinct

    select document_id from documents_of_customers
),

-- Papers that take another one back or refer to it show what it is.
taking_back as (
    select document_id
    from {{ ref('stg_accounting__documents') }}
    where {{ among('reversed_document_id', 'select document_id from concerned') }}
),

referring as (
    select document_id
    from {{ ref('stg_accounting__documents') }}
    where {{ among('original_document_id', 'select document_id from concerned') }}
),

with_referring as (
    select document_id from concerned

    union distinct

    select document_id from taking_back

    union distinct

    select document_id from referring
),

linked_to as (
    select to_document_id as document_id
    from {{ ref('stg_accounting__allocations') }}
    where {{ among('from_document_id', 'select document_id from with_referring') }}
),

linked_from as (
    select from_document_id as document_id
    from {{ ref('stg_accounting__allocations') }}
    where {{ among('to_document_id', 'select document_id from with_referring') }}
),

with_linked as (
    select document_id from with_referring

    union distinct

    select document_id from linked_to

    union distinct

    select document_id from linked_from
)

select document_id
from with_linked
-- A whole build asks for no list.
where document_id is not null and not {{ is_whole_build() }}
