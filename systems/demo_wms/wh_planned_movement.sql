-- uses: articles
-- The forecast, rewritten every evening. It knows days; the store's noon is taken as the hour.
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
    (
        case plans.grund || plans.richtung
            when 'BZ' then 'receipt'
            when 'VA' then 'sale_issue'
            when 'UA' then 'transfer_out'
            when 'UZ' then 'transfer_in'
            else plans.grund
        end
    )::text as kind,
    (plans.menge_tsd / 1000.0)::numeric(18, 6) as qty,
    articles.uom::text as uom,
    plans.beleg::text as document_id,
    plans.auftrag::text as order_id,
    plans.bestellung::text as po_id,
    plans.kennung::text as source_id
from lvs.vorschau as plans
left join articles on plans.artikel = articles.artikel
