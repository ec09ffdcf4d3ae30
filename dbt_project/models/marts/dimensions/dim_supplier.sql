with last_told as (
    select * from {{ ref('stg_reference__supplier_versions') }}
    where is_last
),

named as (
    select member_id
    from {{ ref('int_masterdata__members_named') }}
    where member_kind = 'supplier'
),

suppliers as (
    select
        last_told.*,
        coalesce(last_told.supplier_id, named.member_id) as supplier_id_named,
        last_told.supplier_id is null as is_placeholder
    from last_told
    full outer join named
        on last_told.supplier_id = named.member_id
)

select
    supplier_id_named as supplier_id,
    is_placeholder,
    coalesce(is_listed, false) as is_listed,

    {{ name_or_placeholder('supplier_name', 'supplier', 'supplier_id_named') }} as supplier_name,
    tax_no,

    source_system,
    source_id
from suppliers
