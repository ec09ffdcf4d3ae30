with open_items as (
    select * from {{ ref('int_money__open_items_valued') }}
    where open_amount <> 0 or open_company_amount <> 0
),

customers as (
    select * from {{ ref('int_masterdata__customers_with_managers') }}
),

delays_usual as (
    select * from {{ ref('int_money__delays_usual') }}
)

select
    open_items.document_id,
    open_items.instalment_no,
    open_items.document_number,
    open_items.document_kind,
    open_items.document_on,
    open_items.posted_on,
    open_items.order_id,

    open_items.legal_entity,
    open_items.customer_id,
    {{ name_or_placeholder('customers.customer_name', 'customer', 'open_items.customer_id') }}
        as customer_name,
    open_items.contract_id,
    customers.manager_id,
    customers.manager_name,

    open_items.currency_code,
    cast(open_items.instalment_amount as numeric(18, 2)) as instalment_amount,
    cast(open_items.open_amount as numeric(18, 2)) as open_amount,
    open_items.company_currency_code,
    cast(open_items.open_company_amount as numeric(18, 2)) as open_company_amount,

    open_items.due_on,
    open_items.due_on_effective,
    open_items.ageing_bucket,
    open_items.allocation_basis,
    open_items.is_unapplied,
    open_items.is_disputed,

    open_items.derived_amount,
    open_items.remaining_amount,
    open_items.closing_rate,
    open_items.closing_rate_nominal,
    open_items.closing_rate_on,
    open_items.is_closing_rate_earlier,
    open_items.closing_company_amount,
    open_items.exchange_difference_amount,
    case
        when not open_items.is_unapplied
            then {{ add_days('open_items.due_on_effective', 'delays_usual.usual_delay_days') }}
    end as expected_pay_on,

    open_items.source_system,
    open_items.source_id
from open_items
left join customers
    on open_items.customer_id = customers.customer_id
left join delays_usual
    on open_items.customer_id = delays_usual.customer_id
