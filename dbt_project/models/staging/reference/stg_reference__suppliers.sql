select
    supplier_id,
    name as supplier_name,
    tax_no,

    source_system,
    source_id
from {{ source('reference', 'supplier') }}
