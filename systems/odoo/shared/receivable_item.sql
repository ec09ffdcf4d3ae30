-- Receivable lines with the paper and the instalment they are. A move is one paper; a move with
-- several customers or several receivable currencies is one paper for each, and only then the
-- move's id gets a suffix. Allocations point at these same two keys.
with split as (
    select
        *,
        min(customer_id) over (partition by move_id)
        <> max(customer_id) over (partition by move_id) as has_customers,
        min(currency) over (partition by move_id, customer_id)
        <> max(currency) over (partition by move_id, customer_id) as has_currencies
    from receivable_line
),

named as (
    select
        *,
        move_id
        || case when has_customers then '-' || customer_id else '' end
        || case when has_currencies then '-' || currency else '' end as document_id
    from split
)

select
    id,
    move_id,
    document_id,
    row_number() over (partition by document_id order by id) as instalment_no,
    has_customers or has_currencies as is_part,
    customer_id,
    currency,
    company_currency,
    company_id,
    date_maturity,
    amount_currency,
    balance
from named
