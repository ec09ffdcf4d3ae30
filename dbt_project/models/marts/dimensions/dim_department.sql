with last_told as (
    select * from {{ ref('stg_reference__department_versions') }}
    where is_last
),

named as (
    select member_id
    from {{ ref('int_masterdata__members_named') }}
    where member_kind = 'department'
),

departments as (
    select
        last_told.*,
        coalesce(last_told.department_id, named.member_id) as department_id_named,
        last_told.department_id is null as is_placeholder
    from last_told
    full outer join named
        on last_told.department_id = named.member_id
)

select
    department_id_named as department_id,
    is_placeholder,
    coalesce(is_listed, false) as is_listed,

    {{ name_or_placeholder('department_name', 'department', 'department_id_named') }}
        as department_name,
    head_id,

    source_system,
    source_id
from departments
