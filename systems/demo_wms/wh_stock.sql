-- uses: articles, states
-- Closing stock of the evening; places that are empty have no row.
select
    to_date(stock.stichtag::text, 'YYYYMMDD')::date as as_of,
    stock.lager::text as warehouse_id,
    articles.product_id::text as product_id,
    coalesce(stock.charge, '')::text as lot_id,
    coalesce(states.quality_status, stock.bestandsart)::text as quality_status,
    (stock.menge_tsd / 1000.0)::numeric(18, 6) as qty,
    articles.uom::text as uom,
    concat_ws(
        '/', stock.stichtag, stock.lager, stock.artikel, stock.charge, stock.bestandsart
    ) as source_id
from lvs.bestand as stock
left join articles on stock.artikel = articles.artikel
left join states on stock.bestandsart = states.bestandsart
where stock.stichtag = to_char(current_setting('daymart.as_of')::date, 'YYYYMMDD')::integer
