-- uses: articles
-- Reservations, live and released.
select
    holds.resnr::text as reservation_id,
    holds.auftrag::text as order_id,
    holds.position::integer as order_line_no,
    articles.product_id::text as product_id,
    holds.lager::text as warehouse_id,
    (holds.menge_tsd / 1000.0)::numeric(18, 6) as qty,
    articles.uom::text as uom,
    (holds.art = 'H')::boolean as hard,
    holds.angelegt at time zone 'UTC' as made_at,
    holds.gueltig_bis at time zone 'UTC' as valid_until,
    holds.angelegt_von::text as made_by,
    holds.genehmigt_von::text as approved_by,
    holds.freigegeben at time zone 'UTC' as released_at,
    holds.freigabegrund::text as release_reason,
    holds.resnr::text as source_id
from lvs.reservierung as holds
left join articles on holds.artikel = articles.artikel
where
    greatest(holds.angelegt, holds.freigegeben)
    >= current_setting('daymart.since')::timestamptz at time zone 'UTC'
