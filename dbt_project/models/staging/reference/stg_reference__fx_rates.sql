select
    currency as currency_code,
    rate_date as rate_on,
    rate,
    nominal,
    source as rate_source,

    source_system,
    source_id
from {{ source('reference', 'fx_rate') }}
