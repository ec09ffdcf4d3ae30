{#- Looked up once per row of many facts; a window cannot be, so its result is kept. -#}
{{ config(
    materialized='table',
    indexes=[{'columns': ['product_id', 'uom']}],
    post_hook="{{ collect_statistics() }}",
) }}

select
    product_id,
    uom,
    valid_from,
    lead(valid_from) over (partition by product_id, uom order by valid_from) as valid_to,
    num,
    den,

    source_system,
    source_id
from {{ source('reference', 'uom_factor') }}
