"""Checks say the same of right figures wherever a company is, and in whatever units it counts."""

from datetime import date

from daymart import stages
from daymart.stages import Company
from tests.conftest import DEMO_EVENING, rows

FROM_ANOTHER_SYSTEM = [
    f"update raw.{table} set source_system = 'lists'"
    for table in ("warehouse", "site", "product", "uom_factor")
]
"""The lists of a company come from one system, its movements from another."""

FAR_AWAY = ["update raw.site set tz = 'Pacific/Auckland'"]
"""Half of a working day there is the day before in UTC."""

BY_THE_DOZEN = [
    "update raw.uom_factor as f set num = f.num, den = 12 * f.den from raw.uom_factor as dozen"
    " where dozen.product_id = f.product_id and dozen.uom = 'dozen'",
    "update raw.product as p set base_uom = 'dozen', whole_units = false"
    " where exists (select from raw.uom_factor as f"
    " where f.product_id = p.product_id and f.uom = 'dozen')",
]
"""A piece is a twelfth of what such products are counted in: no decimal holds it."""

FROM_NEXT_YEAR = [
    "insert into raw.uom_factor select (jsonb_populate_record(f,"
    " jsonb_build_object('valid_from', '2027-01-01', 'num', f.num * 7))).*"
    " from raw.uom_factor as f"
]
"""A factor that is known already and not valid yet."""

LET_GO_AFTER_MIDNIGHT = "R7.order_line"
"""There, goods of an afternoon leave before midnight and are released from their hold after it."""

VERDICTS = """
select check_id, subject, verdict from ops.check_result where publication_id = %s order by 1, 2
"""


def test_checks_of_far_sites_and_odd_units_say_what_they_said_before(
    published_company: Company,
) -> None:
    company = published_company
    ((first,),) = rows(company.warehouse, "select max(publication_id) from ops.publication")
    said = rows(company.warehouse, VERDICTS, first)
    with company.warehouse.session(None) as session:
        for statement in (*FROM_ANOTHER_SYSTEM, *FAR_AWAY, *BY_THE_DOZEN, *FROM_NEXT_YEAR):
            assert session.execute(statement.encode()).rowcount > 0
    assert in_pieces(company, DEMO_EVENING) > 0

    publication = stages.build(company, DEMO_EVENING, whole=True)
    stages.audit(company, publication)

    says = rows(company.warehouse, VERDICTS, publication)
    assert {row[0] for row in {*says} ^ {*said}} <= {LET_GO_AFTER_MIDNIGHT}


def in_pieces(company: Company, evening: date) -> int:
    """Count stock of an evening that is told in pieces and counted in dozens."""
    ((number,),) = rows(
        company.warehouse,
        "select count(*) from raw.wh_stock as s inner join raw.product as p using (product_id)"
        " where p.base_uom = 'dozen' and s.uom <> 'dozen' and s.as_of = %s",
        evening,
    )
    return number
