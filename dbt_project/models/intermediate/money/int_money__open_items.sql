{{ config(materialized='table') }}

with items as (
    select * from {{ ref('int_money__items_linked') }}
    where is_open
),

-- Papers that open ones take back.
reversed as (
    select distinct reversed_document_id as document_id
    from items
    where reversed_document_id is not null
),

settled_items as (
    select * from {{ ref('int_money__items_linked') }}
),

offsets as (
    select * from {{ ref('int_money__reversals_offset') }}
),

allocations as (
    select * from {{ ref('int_money__allocations_directed') }}
    where
        counts_from_on <= {{ as_of() }}
        and (
            {{ among('from_document_id', 'select document_id from reversed') }}
            or {{ among('to_document_id', 'select document_id from reversed') }}
        )
),

ageing_buckets as (
    select * from {{ ref('ageing_bucket') }}
),

-- Debts a payment settled: when it bounces without its links being taken back, their day counts.
settled_due_days as (
    select
        allocations.credit_document_id as document_id,
        min(settled_items.due_on) as due_on,
        min(settled_items.due_on_effective) as due_on_effective
    from allocations
    inner join settled_items
        on
            allocations.debt_document_id = settled_items.document_id
            and allocations.debt_instalment_no = settled_items.instalment_no
    group by allocations.credit_document_id
),

open_amounts as (
    select
        items.*,
        items.linked_open_amount
        - sign(items.linked_open_amount) * coalesce(offsets.offset_amount, 0) as open_amount,
        items.linked_open_company_amount
        - sign(items.linked_open_company_amount) * coalesce(offsets.offset_company_amount, 0)
            as open_company_amount,
        coalesce(offsets.offset_amount, 0) <> 0 as is_offset,
        coalesce(items.due_on, settled_due_days.due_on, items.document_on) as debt_due_on,
        coalesce(items.due_on_effective, settled_due_days.due_on_effective, items.document_on)
            as debt_due_on_effective
    from items
    left join offsets
        on
            items.document_id = offsets.document_id
            and items.instalment_no = offsets.instalment_no
    left join settled_due_days
        on items.reversed_document_id = settled_due_days.document_id
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
        when aged.is_offset then 'derived'
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
