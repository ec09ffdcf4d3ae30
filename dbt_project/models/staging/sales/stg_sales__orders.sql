{{ config(unique_key='order_id') }}

select
    order_id,
    number as order_number,
    customer_id,
    employee_id as seller_id,
    order_date as ordered_on,
    currency as currency_code,
    coalesce(contract_id, '') as contract_id,
    prepaid as is_prepaid,

    source_system,
    source_id
from {{ source('sales', 'so_order') }}
