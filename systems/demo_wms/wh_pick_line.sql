-- What was picked, in the unit of the delivery's line.
select
    picks.pick_nr::text as pick_line_id,
    picks.lieferung::text as shipment_id,
    picks.position::integer as line_no,
    picks.auftrag::text as order_id,
    picks.auftragsposition::integer as order_line_no,
    (picks.menge_tsd / 1000.0)::numeric(18, 6) as picked_qty,
    picks.kommissionierer::text as picker_id,
    picks.pruefer::text as checked_by,
    picks.gepickt at time zone 'UTC' as picked_at,
    picks.pick_nr::text as source_id
from lvs.kommission as picks
