"""The stages of a morning, one function each. The command line and the DAGs call the same ones."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from daymart.connections import get_connection
from daymart.contracts.model import Feed
from daymart.contracts.read import read_feeds
from daymart.errors import ConfigError
from daymart.settings import Project, load_project
from daymart.warehouse.connect import Warehouse

if TYPE_CHECKING:
    from daymart.load.quarantine import Replayed


@dataclass(frozen=True)
class Company:
    """A project with its contracts and its warehouse: what every stage needs."""

    project: Project
    feeds: Mapping[str, Feed]
    warehouse: Warehouse

    @property
    def bound(self) -> tuple[str, ...]:
        """The feeds some system fills; the others stay empty and nobody waits for them."""
        bindings_of = self.project.settings.bindings_of
        return tuple(name for name in self.feeds if bindings_of(name))

    def feed(self, name: str) -> Feed:
        """Return the feed called `name`; ConfigError listing the known ones otherwise."""
        if name not in self.feeds:
            raise ConfigError(
                f"feed {name!r}",
                saw="no such contract",
                expected="one of " + ", ".join(sorted(self.feeds)),
                remedy="See: daymart contracts list",
            )
        return self.feeds[name]


def open_company() -> Company:
    """Read settings and contracts of the project found from here."""
    project = load_project()
    feeds = read_feeds(project.contracts, project.settings.calendars)
    connection = get_connection(project.settings.warehouse, project.home)
    return Company(project, feeds, Warehouse(connection))


def default_as_of(company: Company, today: date | None = None) -> date:
    """Return the evening a morning describes: the last working day before today."""
    from daymart.publish.freshness import previous_working_day

    return previous_working_day(
        today or datetime.now(UTC).date(), company.project.settings.calendars["default"]
    )


def install(company: Company) -> None:
    """Bring the warehouse to the state of sound contracts and settings; else ConfigError."""
    from daymart.contracts.read import contract_paths, require_sound
    from daymart.warehouse.install import install as install_warehouse

    project = company.project
    require_sound(contract_paths(project.contracts), project.settings.calendars)

    calendars = company.project.settings.calendars
    install_warehouse(company.warehouse, company.feeds.values(), calendars, company.bound)


def pull(
    company: Company,
    feed_name: str,
    as_of: date,
    progress: Callable[[str, int, int | None], None] | None = None,
    *,
    whole: bool = False,
) -> list[int]:
    """Land one delivery of a feed from each of its sources; return the load numbers.

    `whole` reads every table from its beginning, changes or not; of files, new ones only.
    """
    from daymart.load.pull import no_progress
    from daymart.load.pull import pull as pull_one
    from daymart.sources.registry import sources_of
    from daymart.sources.whole import WholeSource
    from daymart.warehouse.install import check_installed

    feed = company.feed(feed_name)
    check_installed(company.warehouse, [feed])
    sources = sources_of(feed, company.project)
    if whole:
        sources = [WholeSource(source) for source in sources]
    return [
        pull_one(company.warehouse, feed, source, as_of, progress or no_progress).load_id
        for source in sources
    ]


def accept(company: Company, feed_name: str, load_ids: list[int]) -> int:
    """Judge and merge landed deliveries; return how many rows wait in quarantine."""
    from daymart.load.accept import accept as accept_one

    feed = company.feed(feed_name)
    return sum(accept_one(company.warehouse, feed, load_id).quarantined for load_id in load_ids)


def replay(
    company: Company, waiting: Iterable[tuple[str, str, list[int]]], corrections: Mapping[str, str]
) -> "Replayed":
    """Send quarantined rows, by feed and system, through the contract again, corrected first."""
    from daymart.load.quarantine import Replayed
    from daymart.load.quarantine import replay as replay_rows
    from daymart.sources.registry import text_format_of

    total = Replayed(0, 0, 0)
    for name, system, ids in waiting:
        text = text_format_of(company.project, name, system)
        feed = company.feed(name)
        total += replay_rows(company.warehouse, feed, system, ids, corrections, text)
    return total


def build(
    company: Company, as_of: date, run_at: datetime | None = None, *, whole: bool = False
) -> int:
    """Build the candidate marts; return the number of the publication.

    `whole` builds every row anew, not only what deliveries touched since the last publication.
    """
    from daymart.build.run import build as build_marts
    from daymart.warehouse.install import check_installed

    check_installed(company.warehouse, company.feeds.values())
    moment = run_at or datetime.now(UTC)
    publication = build_marts(company.warehouse, company.project, as_of, moment, whole=whole)
    return publication.publication_id


def audit(company: Company, publication_id: int) -> None:
    """Judge the candidate; verdicts are rows of ops.check_result."""
    from daymart.audit.run import audit as audit_marts

    audit_marts(company.warehouse, publication_id)


def publish(company: Company, publication_id: int) -> None:
    """Publish every mart at once, or none."""
    from daymart.publish.run import publish as publish_marts

    publish_marts(company.warehouse, company.project.settings, publication_id)


def anything_new(company: Company, as_of: date) -> bool:
    """Tell whether something was accepted that the last publication of `as_of` does not hold."""
    from daymart.publish.ledger import newest_loads, published_loads
    from daymart.warehouse.connect import Role

    with company.warehouse.session(Role.PUBLISHER) as session:
        return newest_loads(session) != published_loads(session, as_of)


def document(company: Company, folder: Path) -> Path:
    """Write dbt's documentation of the last evening's project into `folder`; return its page."""
    from daymart.build.dbt import DbtProject, run_variables

    project = company.project
    folder.mkdir(parents=True, exist_ok=True)
    dbt = DbtProject(project.dbt, folder / "dbt", company.warehouse.connection)
    variables = run_variables(default_as_of(company), datetime.now(UTC), project.settings.currency)
    return dbt.document(variables).replace(folder / "index.html")


def prune(company: Company) -> dict[str, int]:
    """Delete what is older than its retention; return rows deleted per table."""
    from daymart.warehouse.prune import prune as prune_warehouse

    return prune_warehouse(company.warehouse, company.feeds.values(), company.project)
