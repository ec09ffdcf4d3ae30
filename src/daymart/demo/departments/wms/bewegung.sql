select
    entry.id,
    to_char(entry.moved_at at time zone site.zone, 'YYYYMMDDHH24MISS'),
    pg_temp.versatz(entry.moved_at, site.zone),
    entry.store,
    pg_temp.artikel(entry.item_id),
    nullif(entry.lot, ''),
    pg_temp.bestandsart(entry.quality, store.purpose),
    pg_temp.bewegungsart(entry.type, entry.way),
    pg_temp.tsd(entry.qty),
    entry.doc,
    entry.doc_line,
    entry.cancels_id,
    entry.touched_at at time zone 'UTC'
from erp.stock_entry as entry
inner join erp.store on entry.store = store.code
inner join erp.site on store.site_code = site.code
where entry.touched_at >= {since}
