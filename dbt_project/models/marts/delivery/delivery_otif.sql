{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    unique_key='order_id',
    touched='int_delivery__orders_touched',
    on_schema_change='fail'
) }}

with judged as (
    select * from {{ ref('int_delivery__lines_judged') }}
    where {{ joins_touched('order_id', 'int_delivery__orders_touched') }}
),

order_lines as (
    select * from {{ ref('stg_sales__order_lines') }}
    where {{ joins_touched('order_id', 'int_delivery__orders_touched') }}
),

orders as (
    select * from {{ ref('stg_sales__orders') }}
    where {{ joins_touched('order_id', 'int_delivery__orders_touched') }}
),

disputes as (
    select * from {{ ref('int_delivery__disputes_opened') }}
    where {{ joins_touched('order_id', 'int_delivery__orders_touched') }}
),

customers as (
    select * from {{ ref('int_masterdata__customers_with_managers') }}
),

products as (
    select * from {{ ref('stg_reference__products') }}
),

warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
),

joined as (
    select
        judged.*,
        orders.order_number,
        orders.ordered_on,
        orders.seller_id,
        order_lines.warehouse_id,
        order_lines.product_id,
        order_lines.source_system,
        order_lines.source_id,
        judged.has_difference or judged.refused_qty > 0 as is_disputed,
        coalesce(line_disputes.case_id, order_disputes.case_id) as case_id,
        coalesce(line_disputes.is_settled, order_disputes.is_settled) as is_settled
    from judged
    inner join order_lines
        on
            judged.order_id = order_lines.order_id
            and judged.line_no = order_lines.line_no
    inner join orders
        on judged.order_id = orders.order_id
    left join disputes as line_disputes
        on
            judged.order_id = line_disputes.order_id
            and judged.line_no = line_disputes.order_line_no
    left join disputes as order_disputes
        on
            judged.order_id = order_disputes.order_id
            and order_disputes.order_line_no is null
)

select
    joined.order_id,
    joined.line_no as order_line_no,
    joined.order_number,
    joined.ordered_on,

    joined.customer_id,
    {{ name_or_placeholder('customers.customer_name', 'customer', 'joined.customer_id') }}
        as customer_name,
    customers.manager_id,
    customers.manager_name,
    joined.seller_id,
    joined.warehouse_id,
    {{ name_or_placeholder('warehouses.warehouse_name', 'warehouse', 'joined.warehouse_id') }}
        as warehouse_name,
    joined.product_id,
    products.product_code,
    {{ name_or_placeholder('products.product_name', 'product', 'joined.product_id') }}
        as product_name,
    products.base_uom,

    joined.requested_on,
    joined.first_promised_on,
    joined.last_promised_on,
    joined.requested_due_on,
    joined.first_promised_due_on,
    joined.last_promised_due_on,

    joined.ordered_qty,
    joined.cancelled_qty,
    joined.most_qty,
    joined.shipped_qty,
    joined.first_shipped_qty,
    joined.delivered_qty,
    joined.refused_qty,
    joined.open_qty,
    joined.backorder_qty,
    cast(
        case
            when joined.wanted_qty > 0
                then least(joined.first_shipped_qty, joined.wanted_qty) / joined.wanted_qty
        end as numeric(9, 6)
    ) as first_fill_rate,
    joined.last_delivered_on,
    joined.completed_on,

    joined.requested_outcome,
    joined.is_on_time_requested,
    joined.is_in_full_requested,
    joined.is_on_time_requested and joined.is_in_full_requested as otif_requested,
    joined.first_promised_outcome,
    joined.is_on_time_first_promised,
    joined.is_in_full_first_promised,
    joined.is_on_time_first_promised and joined.is_in_full_first_promised
        as otif_first_promised,
    joined.last_promised_outcome,
    joined.is_on_time_last_promised,
    joined.is_in_full_last_promised,
    joined.is_on_time_last_promised and joined.is_in_full_last_promised as otif_last_promised,
    joined.is_final,

    joined.pod_state,
    joined.proof_at,
    joined.delivered_at_carrier,

    joined.has_difference,
    joined.difference_reason,
    joined.our_qty,
    joined.customer_qty,
    case
        when not joined.is_disputed then null
        when joined.case_id is null then 'claimed'
        when joined.is_settled then 'settled'
        else 'open'
    end as dispute_state,
    case when joined.is_disputed then joined.case_id end as dispute_case_id,

    joined.source_system,
    joined.source_id
from joined
left join customers
    on joined.customer_id = customers.customer_id
left join products
    on joined.product_id = products.product_id
left join warehouses
    on joined.warehouse_id = warehouses.warehouse_id
