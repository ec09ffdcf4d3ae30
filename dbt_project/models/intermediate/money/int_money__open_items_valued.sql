{{ config(
    materialized='table',
    indexes=[{'columns': ['document_id', 'instalment_no'], 'unique': true}]
) }}

with open_items as (
    select * from {{ ref('int_money__open_items') }}
    where
        open_amount <> 0
        or open_company_amount <> 0
        or future_amount <> 0
        or future_company_amount <> 0
        or is_future
),

credits_derived as (
    select * from {{ ref('int_money__credits_derived') }}
),

rates_closing as (
    select * from {{ ref('int_money__rates_closing') }}
),

-- Of the currency an own company keeps its books in, which need not be that of the group.
book_rates as (
    select * from {{ ref('int_money__rates_closing') }}
),

valued as (
    select
        open_items.*,
        coalesce(credits_derived.derived_amount, 0) as derived_amount,
        rates_closing.closing_rate,
        rates_closing.closing_rate_nominal,
        rates_closing.closing_rate_on,
        rates_closing.is_closing_rate_earlier,
        -- An advance is owed in goods, not in money: it keeps the rate of its own day.
        case
            when open_items.document_kind = 'advance' then open_items.open_company_amount
            else
                {{ in_currency(
                    'open_items.open_amount', 'open_items.currency_code',
                    'open_items.company_currency_code', 'rates_closing', 'book_rates'
                ) }}
        end as closing_company_amount
    from open_items
    left join credits_derived
        on
            open_items.document_id = credits_derived.document_id
            and open_items.instalment_no = credits_derived.instalment_no
    left join rates_closing
        on open_items.currency_code = rates_closing.currency_code
    left join book_rates
        on open_items.company_currency_code = book_rates.currency_code
)

select
    document_id,
    instalment_no,
    document_number,
    document_kind,
    document_on,
    posted_on,
    order_id,

    legal_entity,
    customer_id,
    contract_id,
    currency_code,
    company_currency_code,

    due_on,
    due_on_effective,
    ageing_bucket,
    ageing_column,
    case when derived_amount < 0 then 'derived' else allocation_basis end as allocation_basis,
    is_unapplied,
    is_disputed,
    is_money_paper,
    is_future,

    instalment_amount,
    open_amount,
    cast(derived_amount as numeric(18, 2)) as derived_amount,
    cast(open_amount + derived_amount as numeric(18, 2)) as remaining_amount,
    open_company_amount,
    closing_rate,
    closing_rate_nominal,
    closing_rate_on,
    is_closing_rate_earlier,
    cast(closing_company_amount as numeric(18, 2)) as closing_company_amount,
    cast(closing_company_amount - open_company_amount as numeric(18, 2))
        as exchange_difference_amount,
    future_amount,
    future_company_amount,

    source_system,
    source_id
from valued
