"""order_line_board: every open order line once, and somebody to ask about each red cell."""

from datetime import date

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity

MART = "order_line_board"
OWNER = "sales.head"
AREAS = ("payment", "stock", "supply", "reservation", "case", "delivery")


def checks(as_of: date) -> list[Check]:
    """Return R17 and R18."""
    return [rows_are_open_lines(as_of), red_cells_name_somebody(as_of)]


def rows_are_open_lines(as_of: date) -> Check:
    """R17: ordered less cancelled less shipped, straight from raw, gives the rows of the board."""
    query = f"""
with factor as materialized (
    select distinct on (u.product_id, u.uom) u.product_id, u.uom, u.num::numeric / u.den as factor
    from raw.uom_factor as u
    inner join raw.product as p
        on p.source_system = u.source_system and p.product_id = u.product_id
    where u.uom is distinct from p.base_uom
    order by u.product_id, u.uom, u.valid_from desc
),
shipped as (
    select s.order_id, s.order_line_no, sum(round(s.qty * coalesce(f.factor, 1), 6)) as qty
    from raw.lg_shipment_line as s
    inner join raw.lg_shipment as h
        on h.source_system = s.source_system and h.shipment_id = s.shipment_id
    left join raw.warehouse as w
        on w.source_system = h.source_system and w.warehouse_id = h.warehouse_id
    left join raw.site on site.source_system = w.source_system and site.site_id = w.site_id
    left join factor as f on f.product_id = s.product_id and f.uom = s.uom
    where (h.issued_at at time zone coalesce(site.tz, 'UTC'))::date <= '{as_of}'
    group by s.order_id, s.order_line_no
),
open_lines as (
    select l.order_id, l.line_no
    from raw.so_order_line as l
    inner join raw.so_order as o
        on o.source_system = l.source_system and o.order_id = l.order_id
    left join factor as f on f.product_id = l.product_id and f.uom = l.uom
    left join shipped on shipped.order_id = l.order_id and shipped.order_line_no = l.line_no
    where o.order_date <= '{as_of}'
        and round((l.qty - coalesce(l.cancelled_qty, 0)) * coalesce(f.factor, 1), 6)
            > coalesce(shipped.qty, 0)
),
board as (
    select order_id, order_line_no, count(*) as row_count
    from candidate.order_line_board group by order_id, order_line_no
)
select
    coalesce(board.order_id, open_lines.order_id) as order_id,
    coalesce(board.order_line_no, open_lines.line_no) as order_line_no,
    board.row_count as left_value,
    case when open_lines.order_id is not null then 1 end as right_value
from board
full join open_lines
    on open_lines.order_id = board.order_id and open_lines.line_no = board.order_line_no
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
