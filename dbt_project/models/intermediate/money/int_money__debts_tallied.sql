{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='document_id',
    touched='int_money__documents_touched',
    on_schema_change='fail',
    indexes=[
        {'columns': ['document_id', 'instalment_no', 'month_end_on'], 'unique': true},
        {'columns': ['month_end_on']}
    ]
) }}

with items as (
    select * from {{ ref('int_money__items_linked') }}
    where
        instalment_amount > 0
        and document_kind not in ('payment', 'advance', 'refund')
        and not is_reversed
        and {{ joins_touched('document_id', 'int_money__documents_touched') }}
),

allocations as (
    select
        debt_document_id,
        debt_instalment_no,
        {{ month_end('counts_from_on') }} as month_end_on,
        cast(sum(debt_amount) as numeric(18, 2)) as linked_amount
    from {{ ref('int_money__allocations_directed') }}
    where
        counts_from_on <= {{ as_of() }}
        and (
            {{ is_touched('from_document_id', 'int_money__documents_touched') }}
            or {{ is_touched('to_document_id', 'int_money__documents_touched') }}
        )
    group by debt_document_id, debt_instalment_no, {{ month_end('counts_from_on') }}
)

select
    items.document_id,
    items.instalment_no,
    allocations.month_end_on,
    items.legal_entity,
    items.customer_id,
    items.contract_id,
    items.currency_code,
    items.order_id,
    items.posted_on,
    coalesce(items.due_on_effective, items.document_on) as due_on_effective,
    allocations.linked_amount
from items
inner join allocations
    on
        items.document_id = allocations.debt_document_id
        and items.instalment_no = allocations.debt_instalment_no
