{{ config(
    materialized='table',
    indexes=[{'columns': ['document_id', 'instalment_no'], 'unique': true}]
) }}

with bounced as (
    select
        items.document_id,
        items.instalment_no,
        items.reversed_document_id,
        items.legal_entity,
        items.customer_id,
        items.contract_id,
        items.currency_code,
        items.linked_open_amount - coalesce(reversals_offset.offset_amount, 0) as open_amount,
        items.linked_open_company_amount - coalesce(reversals_offset.offset_company_amount, 0)
            as open_company_amount,
        row_number() over (
            partition by items.reversed_document_id, items.instalment_no
            order by items.posted_on, items.document_id
        ) as reversal_rank
    from {{ ref('int_money__items_linked') }} as items
    left join {{ ref('int_money__reversals_offset') }} as reversals_offset
        on
            items.document_id = reversals_offset.document_id
            and items.instalment_no = reversals_offset.instalment_no
    where
        items.is_open
        and items.document_kind = 'reversal'
        and items.is_money_paper
        and not items.is_reversed
        and items.linked_open_amount > coalesce(reversals_offset.offset_amount, 0)
),

allocations as (
    select * from {{ ref('int_money__allocations_directed') }}
    where
        counts_from_on <= {{ as_of() }}
        and (
            {{ among('from_document_id', 'select reversed_document_id from bounced') }}
            or {{ among('to_document_id', 'select reversed_document_id from bounced') }}
        )
),

debts as (
    select * from {{ ref('int_money__items_linked') }}
    where {{ among('document_id', 'select debt_document_id from allocations') }}
),

-- What each payment still holds paid, less what accounting took back itself.
settled as (
    select
        bounced.document_id as reversal_document_id,
        bounced.instalment_no as reversal_instalment_no,
        bounced.open_amount,
        bounced.open_company_amount,
        debts.document_id,
        debts.instalment_no,
        debts.due_on,
        sum(allocations.debt_amount) as settled_amount
    from bounced
    inner join allocations
        on
            bounced.reversed_document_id = allocations.credit_document_id
            and bounced.instalment_no = allocations.credit_instalment_no
    inner join debts
        on
            allocations.debt_document_id = debts.document_id
            and allocations.debt_instalment_no = debts.instalment_no
            and bounced.legal_entity = debts.legal_entity
            and bounced.customer_id = debts.customer_id
            and bounced.contract_id = debts.contract_id
            and bounced.currency_code = debts.currency_code
    where bounced.reversal_rank = 1
    group by
        bounced.document_id,
        bounced.instalment_no,
        bounced.open_amount,
        bounced.open_company_amount,
        debts.document_id,
        debts.instalment_no,
        debts.due_on
    having sum(allocations.debt_amount) > 0
),

in_turn as (
    select
        settled.*,
        sum(settled_amount) over (
            partition by reversal_document_id, reversal_instalment_no
        ) as total_amount,
        least(
            open_amount,
            sum(settled_amount) over (
                partition by reversal_document_id, reversal_instalment_no
            )
        ) as used_amount,
        sum(settled_amount) over (
            partition by reversal_document_id, reversal_instalment_no
            order by due_on, document_id, instalment_no
            rows between unbounded preceding and current row
        ) as through_amount
    from settled
),

-- Rounding the running share, not each share, loses no cent.
shares as (
    select
        in_turn.*,
        round(through_amount * used_amount / total_amount, 2)
        - round((through_amount - settled_amount) * used_amount / total_amount, 2)
            as reopened_amount,
        round(open_company_amount * through_amount * used_amount / total_amount / open_amount, 2)
        - round(
            open_company_amount * (through_amount - settled_amount) * used_amount / total_amount
            / open_amount, 2
        ) as reopened_company_amount
    from in_turn
)

select
    document_id,
    instalment_no,
    cast(sum(reopened_amount) as numeric(18, 2)) as reopened_amount,
    cast(sum(reopened_company_amount) as numeric(18, 2)) as reopened_company_amount
from shares
group by document_id, instalment_no

union all

select
    reversal_document_id as document_id,
    reversal_instalment_no as instalment_no,
    cast(-sum(reopened_amount) as numeric(18, 2)) as reopened_amount,
    cast(-sum(reopened_company_amount) as numeric(18, 2)) as reopened_company_amount
from shares
group by reversal_document_id, reversal_instalment_no
