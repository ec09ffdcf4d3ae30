-- uses: articles
-- Counts. The difference that was posted is a movement of this system.
with

states (status, state) as (
    values
    ('10', 'open'),
    ('20', 'explained'),
    ('30', 'posted'),
    ('90', 'cancelled')
)

select
    counts.belegnr::text as count_id,
    counts.lager::text as warehouse_id,
    articles.product_id::text as product_id,
    coalesce(counts.charge, '')::text as lot_id,
    counts.gezaehlt at time zone 'UTC' as counted_at,
    (counts.soll_tsd / 1000.0)::numeric(18, 6) as book_qty_at_count,
    (counts.ist_tsd / 1000.0)::numeric(18, 6) as counted_qty,
    articles.uom::text as uom,
    counts.zaehler::text as counter_id,
    counts.bewegung::text as posted_movement_id,
    coalesce(states.state, counts.status)::text as state,
    counts.ursache::text as cause,
    concat_ws('/', counts.belegnr, counts.lager, counts.artikel, counts.charge) as source_id
from lvs.inventur as counts
left join articles on counts.artikel = articles.artikel
left join states on counts.status = states.status
