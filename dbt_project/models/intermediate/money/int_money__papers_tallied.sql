{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='month_end_on',
    touched='int_money__months_touched',
    on_schema_change='fail',
    indexes=[{
        'columns': [
            'month_end_on', 'legal_entity', 'customer_id', 'contract_id', 'currency_code'
        ],
        'unique': true
    }]
) }}

with papers as (
    select papers_posted.*
    from {{ ref('int_money__papers_posted') }} as papers_posted
    {{ join_touched_months('papers_posted.posted_on', 'int_money__months_touched') }}
),

-- Sold on credit: what is paid in advance is never owed.
judged as (
    select
        papers.*,
        orders.order_id is null
        and (
            papers.document_kind in ('invoice', 'debit_note', 'credit_note')
            or (
                papers.document_kind = 'reversal'
                and papers.reversed_document_kind in ('invoice', 'debit_note', 'credit_note')
            )
        ) as is_credit_sale
    from papers
    left join {{ ref('stg_sales__orders') }} as orders
        on
            papers.order_id = orders.order_id
            and orders.is_prepaid
)

select
    {{ month_end('posted_on') }} as month_end_on,
    legal_entity,
    customer_id,
    contract_id,
    currency_code,
    max(posted_on) as last_posted_on,
    max(case when document_kind = 'invoice' and order_id is not null then 1 else 0 end) = 1
        as names_orders,
    cast(sum(case when is_credit_sale then document_amount end) as numeric(18, 2))
        as credit_sales_amount
from judged
group by {{ month_end('posted_on') }}, legal_entity, customer_id, contract_id, currency_code
