{{ config(
    materialized='table',
    indexes=[{'columns': ['order_id', 'line_no'], 'unique': true}]
) }}

with order_lines as (
    select * from {{ ref('int_money__order_lines_unsettled') }}
),

orders as (
    select * from {{ ref('stg_sales__orders') }}
),

tallies as (
    select * from {{ ref('int_money__papers_tallied') }}
),

credit_limits as (
    select * from {{ ref('stg_accounting__credit_limits') }}
),

credit_rules as (
    select * from {{ ref('credit_rule') }}
),

-- An invoice without lines does not say which goods it bills: then what was shipped of its order
-- counts as billed, because the invoice is among the open items already, until it is taken back. So
-- it does where no invoice names an order at all.
untold_bills as (
    select distinct documents.order_id
    from {{ ref('stg_accounting__documents') }} as documents
    left join {{ ref('stg_accounting__invoice_lines') }} as invoice_lines
        on documents.document_id = invoice_lines.document_id
    left join {{ ref('int_money__papers_reversed') }} as papers_reversed
        on
            documents.document_id = papers_reversed.document_id
            and papers_reversed.reversed_on <= {{ as_of() }}
    where
        documents.document_kind = 'invoice'
        and papers_reversed.document_id is null
        and documents.order_id in (select order_lines.order_id from order_lines)
        and invoice_lines.document_id is null
),

billing as (
    select coalesce(max(case when names_orders then 1 end) = 1, false) as is_told
    from tallies
),

measured as (
    select
        order_lines.order_id,
        order_lines.line_no,
        order_lines.product_id,
        order_lines.requested_on,
        order_lines.base_num,
        order_lines.base_den,
        order_lines.unit_net_price,
        order_lines.tax_rate,
        order_lines.source_system,
        order_lines.source_id,
        order_lines.ordered_base_qty as ordered_qty,
        order_lines.cancelled_base_qty as cancelled_qty,
        greatest(order_lines.ordered_base_qty - order_lines.cancelled_base_qty, 0) as wanted_qty,
        greatest(order_lines.shipped_base_qty, 0) as shipped_qty,
        case
            when billing.is_told and untold_bills.order_id is null
                then greatest(order_lines.billed_base_qty, 0)
            else greatest(order_lines.shipped_base_qty, order_lines.billed_base_qty, 0)
        end as billed_qty,
        case
            when billing.is_told and untold_bills.order_id is null
                then greatest(order_lines.posted_base_qty, 0)
            else greatest(order_lines.shipped_base_qty, order_lines.posted_base_qty, 0)
        end as posted_qty
    from order_lines
    cross join billing
    left join untold_bills
        on order_lines.order_id = untold_bills.order_id
),

-- Each part stands in one place only: a part billed before it ships is billed.
split as (
    select
        measured.*,
        greatest(wanted_qty, shipped_qty) - wanted_qty as over_qty,
        greatest(wanted_qty, shipped_qty)
        - greatest(shipped_qty, least(billed_qty, greatest(wanted_qty, shipped_qty)))
            as not_shipped_qty,
        greatest(shipped_qty - billed_qty, 0) as shipped_not_invoiced_qty,
        least(billed_qty, greatest(wanted_qty, shipped_qty))
        - least(posted_qty, billed_qty, greatest(wanted_qty, shipped_qty))
            as invoiced_not_posted_qty,
        least(posted_qty, billed_qty, greatest(wanted_qty, shipped_qty)) as invoiced_qty
    from measured
),

open_lines as (
    select * from split
    where
        not_shipped_qty > 0
        or shipped_not_invoiced_qty > 0
        or invoiced_not_posted_qty > 0
),

-- An order does not say which own company sells. The one that billed the same contract last does.
sellers as (
    select
        customer_id,
        contract_id,
        currency_code,
        legal_entity,
        max(last_posted_on) as known_on,
        1 as source_rank
    from tallies
    group by customer_id, contract_id, currency_code, legal_entity

    union all

    select
        customer_id,
        '' as contract_id,
        '' as currency_code,
        legal_entity,
        max(valid_from) as known_on,
        2 as source_rank
    from credit_limits
    group by customer_id, legal_entity
),

sellers_by_account as (
    select
        customer_id,
        contract_id,
        currency_code,
        legal_entity,
        row_number() over (
            partition by customer_id, contract_id, currency_code
            order by known_on desc, legal_entity asc
        ) as seller_rank
    from sellers
    where source_rank = 1
),

sellers_by_customer as (
    select
        customer_id,
        legal_entity,
        row_number() over (
            partition by customer_id
            order by source_rank asc, known_on desc, legal_entity asc
        ) as seller_rank
    from sellers
),

joined as (
    select
        open_lines.*,
        orders.customer_id,
        coalesce(orders.contract_id, '') as contract_id,
        orders.currency_code,
        orders.ordered_on,
        coalesce(orders.is_prepaid, false) as is_prepaid,
        coalesce(sellers_by_account.legal_entity, sellers_by_customer.legal_entity, '')
            as legal_entity
    from open_lines
    inner join orders
        on open_lines.order_id = orders.order_id
    left join sellers_by_account
        on
            orders.customer_id = sellers_by_account.customer_id
            and coalesce(orders.contract_id, '') = sellers_by_account.contract_id
            and orders.currency_code = sellers_by_account.currency_code
            and sellers_by_account.seller_rank = 1
    left join sellers_by_customer
        on
            orders.customer_id = sellers_by_customer.customer_id
            and sellers_by_customer.seller_rank = 1
),

judged as (
    select
        joined.*,
        not joined.is_prepaid
        and coalesce(
            joined.requested_on
            <= {{ add_days(
                as_of(), 'coalesce(own_rule.order_horizon_days, general_rule.order_horizon_days)'
            ) }},
            true
        ) as is_order_exposed,
        not joined.is_prepaid as is_shipment_exposed,
    {% for part in ['not_shipped', 'shipped_not_invoiced', 'invoiced_not_posted', 'invoiced'] %}
        {{ with_tax(
            'joined.' ~ part ~ '_qty * coalesce(joined.unit_net_price, 0)'
            ~ ' * joined.base_den / joined.base_num',
            'coalesce(joined.tax_rate, 0)'
        ) }} as {{ part }}_amount{{ ',' if not loop.last }}
    {% endfor %}
    from joined
    left join credit_rules as own_rule
        on joined.legal_entity = own_rule.legal_entity
    left join credit_rules as general_rule
        on general_rule.legal_entity = '*'
)

select
    order_id,
    line_no,
    product_id,
    ordered_on,
    requested_on,

    legal_entity,
    customer_id,
    contract_id,
    currency_code,
    is_prepaid,
    not is_order_exposed and not is_prepaid as is_beyond_horizon,

    cast(ordered_qty as numeric(18, 6)) as ordered_qty,
    cast(cancelled_qty as numeric(18, 6)) as cancelled_qty,
    cast(over_qty as numeric(18, 6)) as over_qty,
    cast(shipped_qty as numeric(18, 6)) as shipped_qty,
    cast(not_shipped_qty as numeric(18, 6)) as not_shipped_qty,
    cast(shipped_not_invoiced_qty as numeric(18, 6)) as shipped_not_invoiced_qty,
    cast(invoiced_not_posted_qty as numeric(18, 6)) as invoiced_not_posted_qty,
    cast(invoiced_qty as numeric(18, 6)) as invoiced_qty,

    not_shipped_amount,
    shipped_not_invoiced_amount,
    invoiced_not_posted_amount,
    invoiced_amount,
    cast(case when is_order_exposed then not_shipped_amount else 0 end as numeric(18, 2))
        as open_order_exposed_amount,
    cast(
        case when is_shipment_exposed then shipped_not_invoiced_amount else 0 end
        as numeric(18, 2)
    ) as shipment_exposed_amount,

    source_system,
    source_id
from judged
