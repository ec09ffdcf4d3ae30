select
    no,
    store,
    pg_temp.artikel(item_id),
    nullif(lot, ''),
    taken_at at time zone 'UTC',
    pg_temp.tsd(book),
    pg_temp.tsd(found),
    counter_no,
    case status
        when 'O' then '10' when 'E' then '20' when 'P' then '30' when 'X' then '90' else status
    end,
    entry_id,
    cause
from erp.stock_check
