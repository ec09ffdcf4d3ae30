"""Faults in supply."""

from tests.integration.broken.fault import Fault

FAULTS = (
    Fault(
        "R12",
        # What was not shipped yet fell out of the mart.
        "update candidate.inbound_supply set not_shipped_qty = 0"
        " where ctid = (select min(ctid) from candidate.inbound_supply"
        " where not_shipped_qty > 0)"
        " returning po_id, line_no, -old.not_shipped_qty as difference",
        "purchasing.head",
        "Purchase lines named here do not add up",
    ),
    Fault(
        "R12.transit",
        # Goods on the way were moved to the wrong bucket; the line still adds up.
        "update candidate.inbound_supply set in_transit_qty = 0,"
        " not_shipped_qty = not_shipped_qty + in_transit_qty"
        " where ctid = (select min(ctid) from candidate.inbound_supply"
        " where in_transit_qty > 0)"
        " returning po_id, line_no, -old.in_transit_qty as difference",
        "purchasing.head",
        "In transit is not what was sent",
    ),
    Fault(
        "R12.negative",
        # More came than was sent, and nothing capped it.
        "update candidate.inbound_supply set received_qty = received_qty + 5,"
        " in_transit_qty = in_transit_qty - 5"
        " where ctid = (select min(ctid) from candidate.inbound_supply"
        " where in_transit_qty = 0)"
        " returning po_id, line_no, inbound_id, in_transit_qty",
        "purchasing.head",
        "More was received than sent",
        also=("R12", "R12.transit"),
    ),
    Fault(
        "R12.reason",
        # A clerk stopped writing reasons down, where none may be unknown.
        "with strict as (update staging.supply_rule set rule_value = 0"
        " where rule = 'unknown_reason_share')"
        " update candidate.inbound_supply set absence_reason = 'unknown'"
        " where absence_reason = 'customs' returning po_id, line_no, inbound_id",
        "purchasing.head",
        "Too many dates moved without a known reason",
        severity="warn",
    ),
    Fault(
        "R13",
        # The supplier's first word was overwritten with the last one; its old version is kept.
        "with line as (select l.* from raw.pur_order_line as l inner join candidate.inbound_supply"
        " as m using (po_id, line_no) where first_confirmed_date = '2026-11-16' limit 1),"
        " kept as (insert into raw_history.pur_order_line select line.*, (select max(load_id)"
        " from ops.load), now(), 'changed' from line),"
        " renewed as (update raw.pur_order_line as l set first_confirmed_date = '2026-11-27',"
        " _load_id = (select max(load_id) from ops.load) from line"
        " where (l.po_id, l.line_no) = (line.po_id, line.line_no))"
        " update candidate.inbound_supply as m set first_confirmed_on = '2026-11-27' from line"
        " where (m.po_id, m.line_no) = (line.po_id, line.line_no)"
        " returning m.po_id, m.line_no",
        "purchasing.head",
        "The first confirmed day was rewritten",
        severity="warn",
    ),
    Fault(
        "R13.current",
        # The day before the last change is shown.
        "update candidate.inbound_supply as m set expected_on = '2026-11-23'"
        " where date_change_count = 3 returning po_id, line_no",
        "purchasing.head",
        "The expected day is not that of the last change",
        severity="warn",
    ),
    Fault(
        "R13.changes",
        # One change fell out of the history.
        "delete from candidate.inbound_date_changes where event_id = ("
        " select event_id from candidate.inbound_date_changes"
        " where event_no = 2 order by event_id limit 1)"
        " returning po_id, line_no, -1 as difference",
        "purchasing.head",
        "Changes of the lines named here are missing or doubled",
        severity="warn",
    ),
    Fault(
        "R13.due",
        # A line was counted once for each of its receipts.
        "update candidate.supplier_reliability set due_line_count = due_line_count + 1"
        " where ctid = (select min(ctid) from candidate.supplier_reliability)"
        " returning supplier_id, month_on, 1 as difference",
        "purchasing.head",
        "Lines due of the suppliers named here are missing or doubled",
        severity="warn",
    ),
    Fault(
        "R13.in_time",
        # Late goods were called on time, as if the day of typing counted.
        "update candidate.supplier_reliability set on_time_qty = on_time_qty + 5"
        " where ctid = (select min(ctid) from candidate.supplier_reliability)"
        " returning supplier_id, month_on, 5 as difference",
        "purchasing.head",
        "compare days of arrival, not of typing",
        severity="warn",
    ),
    Fault(
        "R10",
        # A later shortage was not looked ahead to: more is promised today than next week.
        "with place as (select warehouse_id, product_id, min(available_on) as available_on,"
        " max(atp_qty) as most from candidate.atp_daily group by 1, 2 order by 1, 2 limit 1),"
        " raised as (update candidate.atp_daily as m set atp_qty = place.most + 1 from place"
        " where (m.warehouse_id, m.product_id, m.available_on)"
        " = (place.warehouse_id, place.product_id, place.available_on)"
        " returning m.warehouse_id, m.product_id, m.available_on)"
        " select r.warehouse_id, r.product_id, min(m.available_on) as available_on"
        " from raised as r inner join candidate.atp_daily as m"
        " on (m.warehouse_id, m.product_id) = (r.warehouse_id, r.product_id)"
        " and m.available_on > r.available_on group by 1, 2",
        "purchasing.head",
        "Less can be promised later than before",
        severity="warn",
    ),
    Fault(
        "R10.end",
        # Goods in quarantine were promised as if usable.
        "with place as (select warehouse_id, product_id from candidate.atp_daily"
        " order by 1, 2 limit 1),"
        " raised as (update candidate.atp_daily as m set atp_qty = atp_qty + 7 from place"
        " where (m.warehouse_id, m.product_id) = (place.warehouse_id, place.product_id)"
        " returning m.warehouse_id, m.product_id)"
        " select distinct warehouse_id, product_id, 7 as difference from raised",
        "purchasing.head",
        "do not add up to the promise",
        severity="warn",
    ),
    Fault(
        "R11.supply",
        # A purchase whose day passed in silence was counted as arriving tomorrow.
        "with silent as (select m.warehouse_id, m.product_id, sum(m.not_shipped_qty) as qty"
        " from candidate.inbound_supply as m inner join candidate.atp_daily as a"
        " using (warehouse_id, product_id) where m.is_overdue_silent and m.inbound_id = ''"
        " and a.available_on = '2026-11-23' group by 1, 2 order by 1, 2 limit 1)"
        " update candidate.atp_daily as m set supply_qty = m.supply_qty + silent.qty,"
        " cumulative_qty = cumulative_qty + silent.qty from silent"
        " where (m.warehouse_id, m.product_id) = (silent.warehouse_id, silent.product_id)"
        " and available_on = '2026-11-23' returning m.warehouse_id, m.product_id",
        "purchasing.head",
        "ask for new dates of what is overdue",
        severity="warn",
        also=("R10.end",),
    ),
    Fault(
        "R11.demand",
        # The order was taken off, and its reservation once more.
        "with held as (select s.warehouse_id, s.product_id, s.reserved_qty"
        " from candidate.stock_availability as s where reserved_qty > 0 and not exists (select"
        " from candidate.atp_daily as a where a.demand_qty > 0 and a.available_on > '2027-02-01'"
        " and (a.warehouse_id, a.product_id) = (s.warehouse_id, s.product_id))"
        " order by s.reserved_qty desc, 1, 2 limit 1)"
        " update candidate.atp_daily as m set demand_qty = m.demand_qty + held.reserved_qty"
        " from held where (m.warehouse_id, m.product_id) = (held.warehouse_id, held.product_id)"
        " and available_on = '2026-11-23' returning m.warehouse_id, m.product_id",
        "purchasing.head",
        "an order and its hold were both counted",
        severity="warn",
        also=("R10.end",),
    ),
    Fault(
        "R11.demand",
        # Orders of a place, due by then, were lost.
        "with due as (select warehouse_id, product_id from candidate.atp_daily"
        " where available_on = '2026-11-23' and demand_qty > 0 order by 1, 2 limit 1)"
        " update candidate.atp_daily as m set demand_qty = 0 from due"
        " where (m.warehouse_id, m.product_id) = (due.warehouse_id, due.product_id)"
        " and available_on = '2026-11-23' returning m.warehouse_id, m.product_id",
        "purchasing.head",
        "an order was lost",
        severity="warn",
        also=("R10.end",),
    ),
    Fault(
        "R11.supply",
        # What comes within four weeks was lost.
        "with near as (select warehouse_id, product_id from candidate.atp_daily"
        " where available_on < '2026-12-10' and supply_qty > 0 order by 1, 2 limit 1)"
        " update candidate.atp_daily as m set supply_qty = 0 from near"
        " where (m.warehouse_id, m.product_id) = (near.warehouse_id, near.product_id)"
        " and available_on < '2026-12-10' and supply_qty > 0"
        " returning m.warehouse_id, m.product_id",
        "purchasing.head",
        "within four weeks was lost",
        severity="warn",
        also=("R10.end",),
    ),
)
