"""Run the marts' suites on the candidate of one publication and write every verdict."""

from daymart.audit.suites import mart_suites
from daymart.checks.check import Verdict, write_verdicts
from daymart.checks.run import run_checks
from daymart.errors import FencedError
from daymart.publish.ledger import MORNING_LEASE, advance, get_publication
from daymart.warehouse.connect import Role, Warehouse
from daymart.warehouse.lease import hold, still_held


def audit(warehouse: Warehouse, publication_id: int) -> list[Verdict]:
    """Judge a built candidate; whether it may be published is the gate's decision.

    Raises FencedError when another run went on with the publication.
    """
    with (
        hold(warehouse, MORNING_LEASE, Role.PUBLISHER) as lease,
        warehouse.session(Role.PUBLISHER) as session,
    ):
        publication = get_publication(session, publication_id)
        if publication.state in ("audited", "published"):
            return []
        if publication.state != "built":
            raise FencedError(
                f"publication {publication_id}",
                saw=f"it is {publication.state}",
                expected="a built candidate",
                remedy="Start a new morning: daymart run",
            )
        verdicts = run_checks(
            warehouse.sqlalchemy_url(Role.PUBLISHER), mart_suites(publication.as_of)
        )
        with session.transaction():
            still_held(session, lease)
            write_verdicts(session, verdicts, publication_id=publication_id)
            advance(session, publication, "built", "audited")
    return verdicts
