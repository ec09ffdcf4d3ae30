select
    to_char(day, 'YYYYMMDD')::integer,
    store,
    pg_temp.artikel(item_id),
    nullif(lot, ''),
    pg_temp.bestandsart(quality),
    pg_temp.tsd(qty)
from erp.stock_balance
where day > {since}
