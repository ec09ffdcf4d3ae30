-- Fail for every account whose balance a derived allocation would change, and for every instalment
-- of which it would take more than is open.
with items as (
    select * from {{ ref('int_money__open_items_valued') }}
),

accounts as (
    select
        legal_entity,
        customer_id,
        contract_id,
        currency_code,
        cast(null as {{ text_type() }}) as document_id,
        sum(derived_amount) as derived_amount,
        sum(open_amount) as open_amount
    from items
    group by legal_entity, customer_id, contract_id, currency_code
    having sum(derived_amount) <> 0
),

instalments as (
    select
        legal_entity,
        customer_id,
        contract_id,
        currency_code,
        document_id,
        derived_amount,
        open_amount
    from items
    where derived_amount * open_amount > 0 or abs(derived_amount) > abs(open_amount)
)

select * from accounts
union all
select * from instalments
