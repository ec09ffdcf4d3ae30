with customers as (
    select * from {{ ref('stg_reference__customers') }}
),

employees as (
    select * from {{ ref('stg_reference__employees') }}
)

select
    customers.customer_id,
    customers.customer_name,
    customers.terms_days,
    coalesce(customers.is_risk_flagged, false) as is_risk_flagged,
    customers.manager_id,
    case
        when customers.manager_id is not null
            then
                {{ name_or_placeholder(
                    'employees.employee_name', 'employee', 'customers.manager_id'
                ) }}
    end as manager_name
from customers
left join employees
    on
        customers.manager_id = employees.employee_id
        and {{ as_of() }} >= employees.valid_from
        and ({{ as_of() }} < employees.valid_to or employees.valid_to is null)
