{{ config(materialized='table') }}

-- Every import is used once and asks for its keys itself, so that an index finds them.
with days_of_changes as (
    select posted_on from {{ ref('stg_accounting__documents_changed') }}
),

-- A paper that takes another one back shows what that is.
days_of_reversals as (
    select posted_on
    from {{ ref('stg_accounting__documents') }}
    where
        {{ among(
            'reversed_document_id',
            'select document_id from ' ~ ref('stg_accounting__documents_changed')
        ) }}
),

-- What is paid in advance is not sold on credit.
days_of_prepaid_orders as (
    select posted_on
    from {{ ref('stg_accounting__documents') }}
    where
        {{ among(
            'order_id',
            'select order_id from ' ~ ref('stg_sales__orders_changed') ~ ' where is_prepaid'
        ) }}
),

days as (
    select posted_on from days_of_changes

    union distinct

    select posted_on from days_of_reversals

    union distinct

    select posted_on from days_of_prepaid_orders
)

select distinct {{ month_end('posted_on') }} as month_end_on
from days
-- A whole build asks for no list.
where posted_on is not null and not {{ is_whole_build() }}
