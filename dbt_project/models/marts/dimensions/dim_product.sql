with versions as (
    select * from {{ ref('int_masterdata__products_versioned') }}
),

named as (
    select member_id
    from {{ ref('int_masterdata__members_named') }}
    where member_kind = 'product'
),

products as (
    select
        versions.*,
        coalesce(versions.product_id, named.member_id) as product_id_named,
        coalesce(versions.valid_from, {{ beginning_of_time() }}) as begins_on,
        versions.product_id is null as is_placeholder
    from versions
    full outer join named
        on versions.product_id = named.member_id
)

select
    {{ surrogate_key(['products.product_id_named', 'products.begins_on']) }} as product_key,
    products.product_id_named as product_id,
    products.begins_on as valid_from,
    products.valid_to,
    products.begins_on <= {{ as_of() }}
    and ({{ as_of() }} < products.valid_to or products.valid_to is null) as is_current,
    products.told_from,
    products.is_placeholder,
    coalesce(products.is_listed, false) as is_listed,

    {{ name_or_placeholder('products.product_name', 'product', 'products.product_id_named') }}
        as product_name,
    products.product_code,
    products.base_uom,
    products.is_whole_units,

    products.brand,
    products.category,
    products.abc_class,

    products.source_system,
    products.source_id
from products
