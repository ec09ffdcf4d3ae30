-- uses: articles, states
-- Movements; the kind tells whether goods came or left. Wall clock less its distance from UTC is
-- the instant, in the doubled hour of autumn, too. Sessions of a load are in UTC.
with

kinds (art, kind, sign) as (
    values
    (101, 'receipt', 1),
    (102, 'receipt', -1),
    (601, 'sale_issue', -1),
    (602, 'sale_issue', 1),
    (651, 'return_in', 1),
    (652, 'return_in', -1),
    (303, 'transfer_out', -1),
    (304, 'transfer_out', 1),
    (305, 'transfer_in', 1),
    (306, 'transfer_in', -1),
    (701, 'adjust', 1),
    (702, 'adjust', -1),
    (321, 'status_change', 1),
    (322, 'status_change', -1)
)

select
    moves.lfdnr::text as movement_id,
    (
        to_timestamp(moves.zeit, 'YYYYMMDDHH24MISS') - make_interval(mins => moves.utc_versatz)
    )::timestamptz as moved_at,
    moves.lager::text as warehouse_id,
    articles.product_id::text as product_id,
    coalesce(moves.charge, '')::text as lot_id,
    coalesce(states.quality_status, moves.bestandsart)::text as quality_status,
    (kinds.sign * moves.menge_tsd / 1000.0)::numeric(18, 6) as qty,
    articles.uom::text as uom,
    coalesce(kinds.kind, moves.art::text)::text as kind,
    moves.beleg::text as document_id,
    moves.position::integer as document_line_no,
    moves.storno_von::text as reverses_movement_id,
    moves.geaendert at time zone 'UTC' as changed_at,
    moves.lfdnr::text as source_id
from lvs.bewegung as moves
left join articles on moves.artikel = articles.artikel
left join states on moves.bestandsart = states.bestandsart
left join kinds on moves.art = kinds.art
where moves.geaendert > current_setting('daymart.since')::timestamptz at time zone 'UTC'
