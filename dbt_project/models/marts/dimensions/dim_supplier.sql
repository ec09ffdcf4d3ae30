with versions as (
    select * from {{ ref('int_masterdata__suppliers_versioned') }}
),

named as (
    select member_id
    from {{ ref('int_masterdata__members_named') }}
    where member_kind = 'supplier'
),

suppliers as (
    select
        versions.*,
        coalesce(versions.supplier_id, named.member_id) as supplier_id_named,
        coalesce(versions.valid_from, {{ beginning_of_time() }}) as begins_on,
        versions.supplier_id is null as is_placeholder
    from versions
    full outer join named
        on versions.supplier_id = named.member_id
)

select
    {{ surrogate_key(['suppliers.supplier_id_named', 'suppliers.begins_on']) }} as supplier_key,
    suppliers.supplier_id_named as supplier_id,
    suppliers.begins_on as valid_from,
    suppliers.valid_to,
    suppliers.begins_on <= {{ as_of() }}
    and ({{ as_of() }} < suppliers.valid_to or suppliers.valid_to is null) as is_current,
    suppliers.told_from,
    suppliers.is_placeholder,
    coalesce(suppliers.is_listed, false) as is_listed,

    {{ name_or_placeholder(
        'suppliers.supplier_name', 'supplier', 'suppliers.supplier_id_named'
    ) }} as supplier_name,

    suppliers.tax_no,

    suppliers.source_system,
    suppliers.source_id
from suppliers
