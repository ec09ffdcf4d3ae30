-- Units as the clerk shortens them.
select
    listed.word,
    listed.uom
from (
    values
    ('шт', 'pcs'),
    ('кг', 'kg'),
    ('кор', 'box'),
    ('дюж', 'dozen'),
    ('ящ', 'carton'),
    ('пал', 'pallet')
) as listed (word, uom)
