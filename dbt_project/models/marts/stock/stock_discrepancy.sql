with counts as (
    select * from {{ ref('int_stock__counts_judged') }}
    where counted_on > {{ add_days(as_of(), -90) }} or count_state = 'open'
),

customers_endangered as (
    select * from {{ ref('int_stock__customers_endangered') }}
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

endangered_in_all as (
    select
        count_id,
        warehouse_id,
        product_id,
        lot_id,
        sum(line_count) as line_count,
        sum(endangered_qty) as endangered_qty,
        sum(endangered_amount) as endangered_amount,
        max(case when customer_rank = 1 then customer_id end) as largest_customer_id,
        max(case when customer_rank = 1 then endangered_amount end) as largest_customer_amount
    from customers_endangered
    group by count_id, warehouse_id, product_id, lot_id
)

select
    counts.count_id,
    counts.warehouse_id,
    counts.product_id,
    counts.lot_id,
    {{ name_or_placeholder('warehouses.warehouse_name', 'warehouse', 'counts.warehouse_id') }}
        as warehouse_name,
    products.product_code,
    {{ name_or_placeholder('products.product_name', 'product', 'counts.product_id') }}
        as product_name,
    products.base_uom,

    counts.counted_at,
    counts.counted_on,
    counts.count_state,
    counts.cause,
    counts.is_outdated,
    counts.is_repeated,
    counts.is_open_difference,
    counts.first_moved_at,
    counts.posted_movement_id,
    counts.posted_at,

    cast(counts.book_qty as numeric(18, 6)) as book_qty,
    cast(counts.counted_qty as numeric(18, 6)) as counted_qty,
    cast(counts.variance_qty as numeric(18, 6)) as variance_qty,
    cast(counts.open_loss_qty as numeric(18, 6)) as open_loss_qty,
    {{ company_currency() }} as currency_code,
    cast(counts.unit_value as numeric(18, 8)) as unit_value,
    counts.value_basis,
    cast(counts.variance_qty * counts.unit_value as numeric(18, 2)) as variance_amount,

    cast(coalesce(endangered_in_all.line_count, 0) as integer) as endangered_line_count,
    cast(coalesce(endangered_in_all.endangered_qty, 0) as numeric(18, 6)) as endangered_qty,
    cast(coalesce(endangered_in_all.endangered_amount, 0) as numeric(18, 2)) as endangered_amount,
    endangered_in_all.largest_customer_id,
    case
        when endangered_in_all.largest_customer_id is not null
            then
                {{ name_or_placeholder(
                    'customers.customer_name', 'customer', 'endangered_in_all.largest_customer_id'
                ) }}
    end as largest_customer_name,
    cast(endangered_in_all.largest_customer_amount as numeric(18, 2)) as largest_customer_amount,

    counts.counter_id,
    case when counters.is_active then counts.counter_id else counters.head_id end as ask_id,
    case when counters.is_active then counters.employee_name else heads.employee_name end
        as ask_name,

    counts.source_system,
    counts.source_id
from counts
left join endangered_in_all
    on
        counts.count_id = endangered_in_all.count_id
        and counts.warehouse_id = endangered_in_all.warehouse_id
        and counts.product_id = endangered_in_all.product_id
        and counts.lot_id = endangered_in_all.lot_id
left join customers
    on endangered_in_all.largest_customer_id = customers.customer_id
left join products
    on counts.product_id = products.product_id
left join warehouses
    on counts.warehouse_id = warehouses.warehouse_id
left join employees as counters
    on counts.counter_id = counters.employee_id
left join employees as heads
    on counters.head_id = heads.employee_id
