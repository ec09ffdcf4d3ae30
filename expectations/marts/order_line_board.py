"""order_line_board: every open order line once, and somebody to ask about each red cell."""

from datetime import date

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity
from expectations.orders import ordered, shipped

MART = "order_line_board"
OWNER = "sales.head"
AREAS = ("payment", "stock", "supply", "reservation", "case", "delivery")


def checks(as_of: date) -> list[Check]:
    """Return R17 and R18."""
    return [rows_are_open_lines(as_of), red_cells_name_somebody(as_of)]


def rows_are_open_lines(as_of: date) -> Check:
    """R17: ordered less cancelled less shipped, straight from raw, gives the rows of the board."""
    query = f"""
with shipped as ({shipped(as_of)}),
ordered as ({ordered()}),
open_lines as (
    select order_id, line_no as order_line_no, 1 as row_count
    from ordered
    left join shipped using (order_id, line_no)
    where ordered.order_date <= '{as_of}' and ordered.wanted_qty > coalesce(shipped.qty, 0)
),
board as (
    select order_id, order_line_no, count(*) as row_count
    from candidate.order_line_board group by order_id, order_line_no
)
select order_id, order_line_no, board.row_count as left_value, open_lines.row_count as right_value
from board
full join open_lines using (order_id, order_line_no)
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R17",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="Order lines named here are open and not on the board, or the other way round:"
        " look at their shipments and units, and mend the model.",
        reconciliation=Reconciliation(query),
    )


def red_cells_name_somebody(as_of: date) -> Check:
    """R18: whoever is to be asked about a red cell exists and is employed today."""
    cells = ", ".join(f"('{area}', m.{area}_status, m.{area}_ask_id)" for area in AREAS)
    query = f"""
select m.order_id, m.order_line_no, cell.area, cell.ask_id
from candidate.order_line_board as m
cross join lateral (
    values {cells}, (coalesce(m.urgent_area, 'line'), m.line_status, m.ask_id)
) as cell (area, status, ask_id)
where cell.status = 'stop' and not exists (
    select from (
        select distinct on (e.employee_id) e.employee_id, e.is_active
        from raw.employee as e
        where e.valid_from <= '{as_of}'
        order by e.employee_id, e.valid_from desc
    ) as today
    where today.employee_id = cell.ask_id and today.is_active
)
"""  # noqa: S608  # as_of is a date and the areas are constants
    return Check(
        check_id="R18",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Nobody employed answers for the areas named here: have the lists of feeds and"
        " figures name an owner, a deputy and a head who work here.",
        arguments={"unexpected_rows_query": query},
    )
