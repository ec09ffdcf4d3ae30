{{ config(
    materialized='table',
    indexes=[{'columns': ['document_id', 'instalment_no'], 'unique': true}]
) }}

with debts_reopened as (
    select * from {{ ref('int_money__debts_reopened') }}
),

items as (
    select * from {{ ref('int_money__items_linked') }}
    where is_open

    union all

    select * from {{ ref('int_money__items_linked') }}
    where
        not is_open
        and {{ among('document_id', 'select document_id from debts_reopened') }}
),

offsets as (
    select * from {{ ref('int_money__reversals_offset') }}
),

ageing_buckets as (
    select * from {{ ref('ageing_bucket') }}
),

open_amounts as (
    select
        items.*,
        items.linked_open_amount
        - sign(items.linked_open_amount) * coalesce(offsets.offset_amount, 0)
        + coalesce(debts_reopened.reopened_amount, 0) as open_amount,
        items.linked_open_company_amount
        - sign(items.linked_open_company_amount) * coalesce(offsets.offset_company_amount, 0)
        + coalesce(debts_reopened.reopened_company_amount, 0) as open_company_amount,
        coalesce(offsets.offset_amount, debts_reopened.reopened_amount, 0) <> 0 as is_derived,
        coalesce(items.due_on, items.document_on) as debt_due_on,
        coalesce(items.due_on_effective, items.document_on) as debt_due_on_effective
    from items
    left join offsets
        on
            items.document_id = offsets.document_id
            and items.instalment_no = offsets.instalment_no
    left join debts_reopened
        on
            items.document_id = debts_reopened.document_id
            and items.instalment_no = debts_reopened.instalment_no
),

classified as (
    select
        open_amounts.*,
        -- Only a debt is aged: not a credit, not an overpaid invoice, not money paid out.
        case
            when open_amount <= 0 then true
            when document_kind in ('payment', 'advance', 'refund') then true
            else false
        end as is_unapplied
    from open_amounts
),

aged as (
    select
        classified.*,
        case when not is_unapplied then {{ days_between('debt_due_on_effective', as_of()) }} end
            as days_past_due
    from classified
)

select
    aged.document_id,
    aged.instalment_no,
    aged.document_number,
    aged.document_kind,
    aged.document_on,
    aged.posted_on,
    aged.order_id,

    aged.legal_entity,
    aged.customer_id,
    aged.contract_id,
    aged.currency_code,
    aged.company_currency_code,

    case when not aged.is_unapplied then aged.debt_due_on end as due_on,
    case when not aged.is_unapplied then aged.debt_due_on_effective end as due_on_effective,
    case when aged.is_unapplied then 'unapplied' else ageing_buckets.bucket end as ageing_bucket,
    ageing_buckets.amount_column as ageing_column,
    case
        when aged.is_unapplied then 'unapplied'
        when aged.is_derived then 'derived'
        else 'explicit'
    end as allocation_basis,
    aged.is_unapplied,
    aged.is_disputed,
    aged.is_money_paper,
    aged.posted_on > {{ as_of() }} as is_future,

    aged.instalment_amount,
    cast(aged.open_amount as numeric(18, 2)) as open_amount,
    cast(aged.open_company_amount as numeric(18, 2)) as open_company_amount,
    cast(aged.final_open_amount - aged.linked_open_amount as numeric(18, 2)) as future_amount,
    cast(aged.final_open_company_amount - aged.linked_open_company_amount as numeric(18, 2))
        as future_company_amount,

    aged.source_system,
    aged.source_id
from aged
left join ageing_buckets
    on
        (aged.days_past_due >= ageing_buckets.from_day or ageing_buckets.from_day is null)
        and (aged.days_past_due <= ageing_buckets.to_day or ageing_buckets.to_day is null)
        and aged.days_past_due is not null
