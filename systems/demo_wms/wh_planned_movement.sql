-- uses: articles
-- The forecast, rewritten every evening. It knows days; the store's noon is taken as the hour.
with

kinds (grund, richtung, kind) as (
    values
    ('B', 'Z', 'receipt'),
    ('V', 'A', 'sale_issue'),
    ('U', 'A', 'transfer_out'),
    ('U', 'Z', 'transfer_in')
)

select
    plans.kennung::text as planned_movement_id,
    (
        to_timestamp(plans.datum::text || '12', 'YYYYMMDDHH24')
        - make_interval(mins => plans.utc_versatz)
    )::timestamptz as planned_at,
    plans.lager::text as warehouse_id,
    plans.gegenlager::text as counterparty_warehouse_id,
    articles.product_id::text as product_id,
    (case plans.richtung when 'Z' then 'in' else 'out' end)::text as direction,
    coalesce(kinds.kind, plans.grund)::text as kind,
    (plans.menge_tsd / 1000.0)::numeric(18, 6) as qty,
    articles.uom::text as uom,
    plans.beleg::text as document_id,
    plans.auftrag::text as order_id,
    plans.bestellung::text as po_id,
    plans.kennung::text as source_id
from lvs.vorschau as plans
left join articles on plans.artikel = articles.artikel
left join kinds on plans.grund = kinds.grund and plans.richtung = kinds.richtung
