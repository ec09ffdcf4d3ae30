{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='document_id',
    touched='int_money__documents_touched',
    on_schema_change='fail',
    indexes=[
        {'columns': ['document_id', 'instalment_no'], 'unique': true},
        {'columns': ['is_open']}
    ]
) }}

with instalments as (
    select * from {{ ref('int_money__instalments_dated') }}
    where {{ is_touched('document_id', 'int_money__documents_touched') }}
),

allocations as (
    select * from {{ ref('int_money__allocations_directed') }}
    where
        {{ is_touched('from_document_id', 'int_money__documents_touched') }}
        or {{ is_touched('to_document_id', 'int_money__documents_touched') }}
),

papers as (
    select * from {{ ref('int_money__papers_posted') }}
),

effects as (
    select
        credit_document_id as document_id,
        credit_instalment_no as instalment_no,
        counts_from_on,
        credit_amount as effect_amount,
        company_amount as effect_company_amount
    from allocations

    union all

    select
        debt_document_id as document_id,
        debt_instalment_no as instalment_no,
        counts_from_on,
        -debt_amount as effect_amount,
        -company_amount as effect_company_amount
    from allocations
),

effect_totals as (
    select
        document_id,
        instalment_no,
        sum(case when counts_from_on <= {{ as_of() }} then effect_amount else 0 end)
            as effect_amount,
        sum(case when counts_from_on <= {{ as_of() }} then effect_company_amount else 0 end)
            as effect_company_amount,
        sum(effect_amount) as final_effect_amount,
        sum(effect_company_amount) as final_effect_company_amount
    from effects
    group by document_id, instalment_no
),

payments as (
    select
        allocations.debt_document_id as document_id,
        allocations.debt_instalment_no as instalment_no,
        max(allocations.counts_from_on) as paid_on
    from allocations
    inner join papers
        on allocations.credit_document_id = papers.document_id
    where
        papers.is_money_paper
        and not papers.is_reversed
        and allocations.debt_amount > 0
        and allocations.counts_from_on <= {{ as_of() }}
    group by allocations.debt_document_id, allocations.debt_instalment_no
),

linked as (
    select
        instalments.*,
        payments.paid_on,
        cast(
            case
                when instalments.posted_on <= {{ as_of() }}
                    then instalments.instalment_amount + coalesce(effect_totals.effect_amount, 0)
                else 0
            end as numeric(18, 2)
        ) as linked_open_amount,
        cast(
            case
                when instalments.posted_on <= {{ as_of() }}
                    then
                        instalments.instalment_company_amount
                        + coalesce(effect_totals.effect_company_amount, 0)
                else 0
            end as numeric(18, 2)
        ) as linked_open_company_amount,
        cast(
            instalments.instalment_amount + coalesce(effect_totals.final_effect_amount, 0)
            as numeric(18, 2)
        ) as final_open_amount,
        cast(
            instalments.instalment_company_amount
            + coalesce(effect_totals.final_effect_company_amount, 0) as numeric(18, 2)
        ) as final_open_company_amount
    from instalments
    left join effect_totals
        on
            instalments.document_id = effect_totals.document_id
            and instalments.instalment_no = effect_totals.instalment_no
    left join payments
        on
            instalments.document_id = payments.document_id
            and instalments.instalment_no = payments.instalment_no
)

select
    document_id,
    instalment_no,
    document_kind,
    document_number,
    document_on,
    posted_on,
    due_on,
    due_on_effective,

    customer_id,
    contract_id,
    legal_entity,
    order_id,
    reversed_document_id,
    is_disputed,
    is_reversed,
    is_money_paper,

    currency_code,
    instalment_amount,
    company_currency_code,
    instalment_company_amount,
    linked_open_amount,
    linked_open_company_amount,
    final_open_amount,
    final_open_company_amount,
    -- Nothing is left to say of the others: builds read them by their paper only.
    linked_open_amount <> 0
    or linked_open_company_amount <> 0
    or final_open_amount <> 0
    or final_open_company_amount <> 0
    or posted_on > {{ as_of() }} as is_open,
    -- Of a debt with nothing left: the day of its last payment.
    case when linked_open_amount = 0 then paid_on end as paid_on,

    source_system,
    source_id
from linked
