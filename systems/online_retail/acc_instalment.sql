-- uses: line, paper
-- One instalment a paper; the files name no day it falls due.
select
    paper as document_id,
    1 as instalment_no,
    null as due_date,
    amount,
    amount as amount_company,
    null as _file,
    null as _line,
    null as _defect
from paper
union all by name
select
    _file,
    _line,
    _defect
from line
where _defect is not null
