select
    figure_id,
    mart,
    column_name,
    owner_id,
    deputy_id,
    head_id,

    source_system,
    source_id
from {{ source('registry', 'figure_registry') }}
