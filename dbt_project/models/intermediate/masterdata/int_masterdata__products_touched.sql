select product_id
from {{ ref('stg_reference__products_changed') }}

union distinct

select product_id
from {{ ref('stg_reference__uom_factors_changed') }}

union distinct

-- A factor that took effect since, or ended.
select product_id
from {{ ref('stg_reference__uom_factors') }}
where
    (
        valid_from > {{ shown_until() }}
        and valid_from <= {{ as_of() }}
    )
    or (
        valid_to > {{ shown_until() }}
        and valid_to <= {{ as_of() }}
    )
