"""Faults in who knows what when."""

from tests.integration.broken.fault import Fault

FAULTS = (
    Fault(
        "R26.feeds",
        "with lost as (delete from candidate.feed_freshness where feed_id = 'logistics'"
        " returning feed_id) select distinct feed_id from lost",
        "masterdata.owner",
        "Feeds named here are on no list",
    ),
    Fault(
        "R17",
        # A line fell off the board; another one that has left stayed on it.
        "with fallen as (delete from candidate.order_line_board where ctid ="
        " (select min(ctid) from candidate.order_line_board) returning *),"
        " left_over as (insert into candidate.order_line_board select (jsonb_populate_record("
        "one, jsonb_build_object('order_id', l.order_id, 'order_line_no', l.line_no))).*"
        " from candidate.order_line_board as one, (select l.order_id, l.line_no"
        " from raw.so_order_line as l where not exists (select"
        " from candidate.order_line_board as m where m.order_id = l.order_id)"
        " order by 1, 2 limit 1) as l"
        " where one.ctid = (select max(ctid) from candidate.order_line_board)"
        " returning order_id, order_line_no)"
        " select order_id, order_line_no, -1 as difference from fallen"
        " union all select order_id, order_line_no, 1 from left_over",
        "sales.head",
        "open and not on the board",
    ),
    Fault(
        "R18",
        # Purchasing's people left the company, and no list was changed.
        "with gone as (update raw.employee set is_active = false"
        " where employee_id in (select supply_ask_id from candidate.order_line_board"
        " where supply_status = 'stop') returning employee_id)"
        " select m.order_id, m.order_line_no, 'supply' as area, m.supply_ask_id as ask_id"
        " from candidate.order_line_board as m, gone"
        " where m.supply_status = 'stop' and m.supply_ask_id = gone.employee_id"
        " union all"
        " select m.order_id, m.order_line_no, m.urgent_area, m.ask_id"
        " from candidate.order_line_board as m, gone"
        " where m.line_status = 'stop' and m.ask_id = gone.employee_id",
        "sales.head",
        "Nobody employed answers",
        severity="warn",
    ),
)
