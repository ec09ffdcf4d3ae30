"""What a morning did, as people want to read it."""

from typing import Any

from daymart import reports
from daymart.publish.ledger import get_publication
from daymart.stages import Company
from daymart.warehouse.connect import Role


def morning_report(company: Company, publication_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return the tables of one morning: loads, checks, freshness, marts, quarantine."""
    with company.warehouse.session(Role.PUBLISHER) as session:
        publication = get_publication(session, publication_id)
        ids = reports.latest_loads(session)
        return {
            "loads": reports.loads(session, ids),
            "checks": reports.verdict_counts(session, ids, publication_id),
            "checks to look at": reports.open_verdicts(session, ids, publication_id),
            "quarantine": reports.rejects(session, None, "open", 10),
            f"publication {publication_id}, evening of {publication.as_of}": reports.marts(
                session, publication_id
            ),
            "feeds": reports.feed_freshness(session, publication.as_of),
        }
