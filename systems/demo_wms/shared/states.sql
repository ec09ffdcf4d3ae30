-- The system's states of goods in the contract's words.
select
    bestandsart,
    quality_status
from (
    values
    ('F', 'usable'),
    ('Q', 'quarantine'),
    ('S', 'damaged'),
    ('R', 'return_hold'),
    ('U', 'in_transfer'),
    ('K', 'consigned'),
    ('X', 'not_owned')
) as listed (bestandsart, quality_status)
