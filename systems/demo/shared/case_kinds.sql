-- The ERP's kinds of tickets in the contract's words. A kind that is not listed is passed on as
-- it is, for the loader to hold back.
select
    code,
    kind
from (
    values
    ('RET', 'return'),
    ('TAK', 'urgent_takeback'),
    ('EXP', 'expedite_delivery'),
    ('JMP', 'queue_jump'),
    ('REP', 'replacement'),
    ('RSV', 'reservation'),
    ('PCK', 'picking_error'),
    ('ABS', 'promised_goods_absent'),
    ('CNT', 'stock_discrepancy'),
    ('DOC', 'papers_missing'),
    ('PAY', 'payment_unmatched')
) as listed (code, kind)
