{{ config(
    materialized='table',
    indexes=[{
        'columns': ['legal_entity', 'customer_id', 'contract_id', 'currency_code'],
        'unique': true
    }]
) }}

with open_items as (
    select * from {{ ref('int_money__open_items_valued') }}
),

orders as (
    select * from {{ ref('stg_sales__orders') }}
    where is_prepaid
),

order_lines_exposed as (
    select * from {{ ref('int_money__order_lines_exposed') }}
),

items as (
    select
        open_items.legal_entity,
        open_items.customer_id,
        open_items.contract_id,
        open_items.currency_code,
        open_items.order_id,
        orders.order_id is not null as is_prepaid,
        open_items.open_amount,
        -- Billed for a later day: it no longer waits among the order lines.
        case
            when
                open_items.is_future
                and open_items.instalment_amount > 0
                and open_items.document_kind in ('invoice', 'debit_note')
                then open_items.instalment_amount
            else 0
        end as not_posted_amount
    from open_items
    left join orders
        on open_items.order_id = orders.order_id
),

-- Money for a prepaid order pays for that order only: it leaves no room for another one.
by_order as (
    select
        legal_entity,
        customer_id,
        contract_id,
        currency_code,
        is_prepaid,
        case when is_prepaid then order_id end as prepaid_order_id,
        sum(open_amount) as open_amount,
        sum(case when is_prepaid then 0 else not_posted_amount end) as not_posted_amount
    from items
    group by
        legal_entity,
        customer_id,
        contract_id,
        currency_code,
        is_prepaid,
        case when is_prepaid then order_id end
),

parts as (
    select
        legal_entity,
        customer_id,
        contract_id,
        currency_code,
        0 as open_orders_amount,
        0 as shipped_not_invoiced_amount,
        not_posted_amount as invoiced_not_posted_amount,
        case when is_prepaid then greatest(open_amount, 0) else open_amount end
            as open_items_amount
    from by_order

    union all

    select
        legal_entity,
        customer_id,
        contract_id,
        currency_code,
        open_order_exposed_amount as open_orders_amount,
        shipment_exposed_amount as shipped_not_invoiced_amount,
        0 as invoiced_not_posted_amount,
        0 as open_items_amount
    from order_lines_exposed
)

select
    legal_entity,
    customer_id,
    contract_id,
    currency_code,
    cast(sum(open_orders_amount) as numeric(18, 2)) as open_orders_amount,
    cast(sum(shipped_not_invoiced_amount) as numeric(18, 2)) as shipped_not_invoiced_amount,
    cast(sum(invoiced_not_posted_amount) as numeric(18, 2)) as invoiced_not_posted_amount,
    cast(sum(open_items_amount) as numeric(18, 2)) as open_items_amount,
    cast(
        sum(
            open_orders_amount + shipped_not_invoiced_amount + invoiced_not_posted_amount
            + open_items_amount
        ) as numeric(18, 2)
    ) as exposure_amount
from parts
group by legal_entity, customer_id, contract_id, currency_code
