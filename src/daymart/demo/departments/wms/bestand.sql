select
    to_char(day, 'YYYYMMDD')::integer,
    store,
    pg_temp.artikel(item_id),
    nullif(lot, ''),
    pg_temp.bestandsart(quality, purpose),
    pg_temp.tsd(qty)
from erp.stock_balance
inner join erp.store on stock_balance.store = store.code
where day > {since}
