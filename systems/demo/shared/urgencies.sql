-- The ERP's urgencies in the contract's words.
select
    level,
    priority
from (
    values
    (1, 'low'),
    (2, 'normal'),
    (3, 'high'),
    (4, 'urgent')
) as listed (level, priority)
