select
    reversed_document_id as document_id,
    min(posted_on) as reversed_on
from {{ ref('stg_accounting__documents') }}
where reversed_document_id is not null
group by reversed_document_id
