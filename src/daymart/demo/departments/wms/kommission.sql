select
    id,
    dispatch_id,
    line_no,
    pg_temp.tsd(qty),
    picker_no,
    checker_no,
    picked_at at time zone 'UTC',
    sale_id,
    sale_line
from erp.pick
where touched_on >= {since}
