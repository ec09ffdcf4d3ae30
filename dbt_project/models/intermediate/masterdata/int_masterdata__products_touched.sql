select product_id
from {{ ref('stg_reference__products_changed') }}

union distinct

select product_id
from {{ ref('stg_reference__uom_factors_changed') }}
