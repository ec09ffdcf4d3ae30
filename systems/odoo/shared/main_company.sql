-- The first company without a parent: its currency is the one Odoo's rates are read from, and what
-- a partner of no company has is read as this company sees it.
select
    id as company_id,
    currency_id
from res_company
where parent_id is null
order by id
limit 1
