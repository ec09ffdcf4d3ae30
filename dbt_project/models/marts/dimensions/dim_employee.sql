with versions as (
    select * from {{ ref('int_masterdata__employees_versioned') }}
),

named as (
    select member_id
    from {{ ref('int_masterdata__members_named') }}
    where member_kind = 'employee'
),

employees as (
    select
        versions.*,
        coalesce(versions.employee_id, named.member_id) as employee_id_named,
        coalesce(versions.valid_from, {{ beginning_of_time() }}) as begins_on,
        versions.employee_id is null as is_placeholder
    from versions
    full outer join named
        on versions.employee_id = named.member_id
)

select
    {{ surrogate_key(['employees.employee_id_named', 'employees.begins_on']) }} as employee_key,
    employees.employee_id_named as employee_id,
    employees.begins_on as valid_from,
    employees.valid_to,
    employees.begins_on <= {{ as_of() }}
    and ({{ as_of() }} < employees.valid_to or employees.valid_to is null) as is_current,
    employees.told_from,
    employees.is_placeholder,
    coalesce(employees.is_listed, false) as is_listed,

    {{ name_or_placeholder('employees.employee_name', 'employee', 'employees.employee_id_named') }}
        as employee_name,

    employees.department_id,
    employees.sales_stage,
    employees.head_id,
    employees.is_active,

    employees.source_system,
    employees.source_id
from employees
