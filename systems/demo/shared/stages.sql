-- The ERP's stages of a lead in the contract's words. A stage that is not listed is passed on
-- as it is.
select
    code,
    stage
from (
    values
    ('NEW', 'lead'),
    ('QLF', 'qualified'),
    ('OFF', 'offer'),
    ('NEG', 'negotiation'),
    ('WON', 'won'),
    ('LST', 'lost')
) as listed (code, stage)
