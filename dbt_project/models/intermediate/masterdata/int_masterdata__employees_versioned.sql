with last_told as (
    select
        versions.*,
        -- Text and numbers compare alike everywhere; true and false do not.
        max(case when is_listed then 1 else 0 end) over (partition by employee_id) as is_known,
        max(version_no) over (partition by employee_id) as last_version_no
    from {{ ref('stg_reference__employee_versions') }} as versions
    where is_last
),

-- Of an employee who is on no list any more, what the last list said.
standing as (
    select * from last_told
    where is_listed or (is_known = 0 and version_no = last_version_no)
)

select
    employee_id,
    case
        when row_number() over (partition by employee_id order by stated_from) = 1
            then {{ beginning_of_time() }}
        else stated_from
    end as valid_from,
    lead(stated_from) over (partition by employee_id order by stated_from) as valid_to,
    employee_name,
    department_id,
    sales_stage,
    head_id,
    is_active,
    is_listed,
    stated_from as told_from,

    source_system,
    source_id
from standing
