with reservations as (
    select * from {{ ref('int_stock__reservations_judged') }}
),

deprived as (
    select * from {{ ref('int_stock__promises_deprived') }}
),

orders as (
    select * from {{ ref('stg_sales__orders') }}
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

employees as (
    select * from {{ ref('stg_reference__employees') }}
    where
        {{ as_of() }} >= valid_from
        and ({{ as_of() }} < valid_to or valid_to is null)
),

deprived_by_customer as (
    select
        reservation_id,
        customer_id,
        count(*) as line_count,
        sum(deprived_qty) as deprived_qty,
        sum(deprived_amount) as deprived_amount
    from deprived
    group by reservation_id, customer_id
),

customers_ranked as (
    select
        deprived_by_customer.*,
        row_number() over (
            partition by reservation_id
            order by coalesce(deprived_amount, 0) desc, deprived_qty desc, customer_id asc
        ) as customer_rank
    from deprived_by_customer
),

deprived_in_all as (
    select
        reservation_id,
        sum(line_count) as line_count,
        sum(deprived_qty) as deprived_qty,
        sum(deprived_amount) as deprived_amount,
        max(case when customer_rank = 1 then customer_id end) as largest_customer_id,
        max(case when customer_rank = 1 then deprived_amount end) as largest_customer_amount
    from customers_ranked
    group by reservation_id
)

select
    reservations.reservation_id,
    reservations.warehouse_id,
    {{ name_or_placeholder(
        'warehouses.warehouse_name', 'warehouse', 'reservations.warehouse_id'
    ) }} as warehouse_name,
    reservations.product_id,
    products.product_code,
    {{ name_or_placeholder('products.product_name', 'product', 'reservations.product_id') }}
        as product_name,
    products.base_uom,
    cast(reservations.base_qty as numeric(18, 6)) as reserved_qty,
    reservations.is_hard,

    case
        when reservations.is_live then 'live'
        when coalesce(reservations.released_on <= {{ as_of() }}, false) then 'released'
        else 'expired'
    end as reservation_state,
    reservations.is_expired,
    reservations.made_at,
    reservations.made_on,
    reservations.valid_until_at,
    reservations.valid_until_on,
    reservations.released_at,
    reservations.released_on,
    reservations.release_reason as reason,

    reservations.order_id,
    reservations.order_line_no,
    orders.order_number,
    orders.customer_id,
    case
        when orders.customer_id is not null
            then
                {{ name_or_placeholder(
                    'customers.customer_name', 'customer', 'orders.customer_id'
                ) }}
    end as customer_name,
    reservations.made_by_id,
    makers.employee_name as made_by_name,
    reservations.approved_by_id,
    approvers.employee_name as approved_by_name,

    cast(coalesce(deprived_in_all.line_count, 0) as integer) as deprived_line_count,
    cast(coalesce(deprived_in_all.deprived_qty, 0) as numeric(18, 6)) as deprived_qty,
    {{ company_currency() }} as currency_code,
    cast(coalesce(deprived_in_all.deprived_amount, 0) as numeric(18, 2)) as deprived_amount,
    deprived_in_all.largest_customer_id as largest_deprived_customer_id,
    case
        when deprived_in_all.largest_customer_id is not null
            then
                {{ name_or_placeholder(
                    'deprived_customers.customer_name', 'customer',
                    'deprived_in_all.largest_customer_id'
                ) }}
    end as largest_deprived_customer_name,
    cast(deprived_in_all.largest_customer_amount as numeric(18, 2))
        as largest_deprived_customer_amount,

    reservations.source_system,
    reservations.source_id
from reservations
left join orders
    on reservations.order_id = orders.order_id
left join customers
    on orders.customer_id = customers.customer_id
left join deprived_in_all
    on reservations.reservation_id = deprived_in_all.reservation_id
left join customers as deprived_customers
    on deprived_in_all.largest_customer_id = deprived_customers.customer_id
left join products
    on reservations.product_id = products.product_id
left join warehouses
    on reservations.warehouse_id = warehouses.warehouse_id
left join employees as makers
    on reservations.made_by_id = makers.employee_id
left join employees as approvers
    on reservations.approved_by_id = approvers.employee_id
