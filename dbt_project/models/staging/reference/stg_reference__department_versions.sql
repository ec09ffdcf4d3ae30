with versions as (
    {{ versions_told('reference', 'department', ['department_id'], [
        'department_id', 'name', 'head_id',
    ]) }}
)

select
    department_id,
    name as department_name,
    head_id,

    version_no,
    is_listed,
    is_last,

    source_system,
    source_id
from versions
