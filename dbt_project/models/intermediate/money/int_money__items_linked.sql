{{ config(materialized='table') }}

with instalments as (
    select * from {{ ref('int_money__instalments_dated') }}
),

allocations as (
    select * from {{ ref('int_money__allocations_directed') }}
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
)

select
    instalments.document_id,
    instalments.instalment_no,
    instalments.document_kind,
    instalments.document_number,
    instalments.document_on,
    instalments.posted_on,
    instalments.due_on,
    instalments.due_on_effective,

    instalments.customer_id,
    instalments.contract_id,
    instalments.legal_entity,
    instalments.order_id,
    instalments.reversed_document_id,
    instalments.is_disputed,
    instalments.is_reversed,
    instalments.is_money_paper,

    instalments.currency_code,
    instalments.instalment_amount,
    instalments.company_currency_code,
    instalments.instalment_company_amount,
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
    ) as final_open_company_amount,

    instalments.source_system,
    instalments.source_id
from instalments
left join effect_totals
    on
        instalments.document_id = effect_totals.document_id
        and instalments.instalment_no = effect_totals.instalment_no
