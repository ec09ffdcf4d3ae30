with named as (
    select * from {{ ref('stg_accounting__members_named') }}

    union distinct

    select * from {{ ref('stg_logistics__members_named') }}

    union distinct

    select * from {{ ref('stg_purchasing__members_named') }}

    union distinct

    select * from {{ ref('stg_sales__members_named') }}

    union distinct

    select * from {{ ref('stg_warehouse__members_named') }}

    union distinct

    select
        'employee' as member_kind,
        manager_id as member_id
    from {{ ref('int_masterdata__customers_versioned') }}

    union distinct

    select
        'route' as member_kind,
        route_id as member_id
    from {{ ref('int_masterdata__customers_versioned') }}

    union distinct

    select
        'employee' as member_kind,
        head_id as member_id
    from {{ ref('int_masterdata__employees_versioned') }}

    union distinct

    select
        'department' as member_kind,
        department_id as member_id
    from {{ ref('int_masterdata__employees_versioned') }}
)

select
    member_kind,
    member_id
from named
where member_id <> ''
