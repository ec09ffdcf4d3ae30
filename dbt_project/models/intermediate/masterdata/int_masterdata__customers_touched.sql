with customers as (
    select * from {{ ref('stg_reference__customers') }}
),

employees as (
    select * from {{ ref('stg_reference__employees') }}
),

managers_touched as (
    select employee_id from {{ ref('stg_reference__employees_changed') }}

    union distinct

    -- A name or a post that took effect since.
    select employee_id
    from employees
    where valid_from > {{ shown_until() }}
)

select customer_id
from {{ ref('stg_reference__customers_changed') }}

union distinct

select customers.customer_id
from customers
inner join managers_touched
    on customers.manager_id = managers_touched.employee_id
