-- The ERP's letters for the state of goods in a store, in the contract's words. A letter that is
-- not listed is passed on as it is, for the loader to hold back.
select
    code,
    quality_status
from (
    values
    ('A', 'usable'),
    ('Q', 'quarantine'),
    ('D', 'damaged'),
    ('R', 'return_hold'),
    ('T', 'in_transfer'),
    ('O', 'not_owned')
) as listed (code, quality_status)
