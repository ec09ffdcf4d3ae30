{{ config(
    materialized='table',
    indexes=[{'columns': ['document_id', 'instalment_no'], 'unique': true}]
) }}

with credits_named as (
    select * from {{ ref('int_money__credits_named') }}
),

items as (
    select
        open_items.document_id,
        open_items.instalment_no,
        open_items.document_number,
        open_items.document_kind,
        open_items.document_on,
        open_items.legal_entity,
        open_items.customer_id,
        open_items.contract_id,
        open_items.currency_code,
        open_items.due_on_effective,
        open_items.is_unapplied,
        open_items.open_amount + coalesce(credits_named.named_amount, 0) as open_amount
    from {{ ref('int_money__open_items') }} as open_items
    left join credits_named
        on
            open_items.document_id = credits_named.document_id
            and open_items.instalment_no = credits_named.instalment_no
    where open_items.open_amount <> 0
),

-- Money paid back used up credits. An advance waits for its own order and settles no other debt.
balances as (
    select
        legal_entity,
        customer_id,
        contract_id,
        currency_code,
        sum(case when is_unapplied and document_kind <> 'advance' then -open_amount else 0 end)
            as credit_amount,
        sum(case when not is_unapplied then open_amount else 0 end) as debt_amount
    from items
    group by legal_entity, customer_id, contract_id, currency_code
),

usable as (
    select
        legal_entity,
        customer_id,
        contract_id,
        currency_code,
        least(credit_amount, debt_amount) as used_amount
    from balances
    where credit_amount > 0 and debt_amount > 0
),

joined as (
    select
        items.*,
        usable.used_amount
    from items
    inner join usable
        on
            items.legal_entity = usable.legal_entity
            and items.customer_id = usable.customer_id
            and items.contract_id = usable.contract_id
            and items.currency_code = usable.currency_code
),

debts as (
    select
        joined.*,
        sum(open_amount) over (
            partition by legal_entity, customer_id, contract_id, currency_code
            order by due_on_effective
        ) as due_through_amount,
        sum(open_amount) over (
            partition by legal_entity, customer_id, contract_id, currency_code, due_on_effective
        ) as due_day_amount,
        sum(open_amount) over (
            partition by legal_entity, customer_id, contract_id, currency_code, due_on_effective
            order by document_on, document_number, document_id, instalment_no
            rows between unbounded preceding and current row
        ) as within_day_amount
    from joined
    where not is_unapplied and open_amount > 0
),

paid_days as (
    select
        debts.*,
        least(greatest(used_amount - (due_through_amount - due_day_amount), 0), due_day_amount)
            as day_paid_amount
    from debts
),

credits as (
    select
        joined.*,
        sum(-open_amount) over (
            partition by legal_entity, customer_id, contract_id, currency_code
            order by document_on, document_number, document_id, instalment_no
            rows between unbounded preceding and current row
        ) as through_amount
    from joined
    where is_unapplied and document_kind <> 'advance' and open_amount < 0
),

shares as (
    -- Debts of one due day share pro rata. Rounding the running share, not each share, loses no
    -- cent and gives no debt more than it is.
    select
        document_id,
        instalment_no,
        round((within_day_amount - open_amount) * day_paid_amount / due_day_amount, 2)
        - round(within_day_amount * day_paid_amount / due_day_amount, 2) as derived_amount
    from paid_days
    where day_paid_amount > 0

    union all

    select
        document_id,
        instalment_no,
        least(greatest(used_amount - (through_amount + open_amount), 0), -open_amount)
            as derived_amount
    from credits

    union all

    select
        document_id,
        instalment_no,
        named_amount as derived_amount
    from credits_named
)

select
    document_id,
    instalment_no,
    cast(sum(derived_amount) as numeric(18, 2)) as derived_amount
from shares
group by document_id, instalment_no
having sum(derived_amount) <> 0
