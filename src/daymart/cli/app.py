"""The commands of a morning. `daymart --help` lists them."""

import sys
from datetime import date, datetime
from typing import Annotated, Any

import psycopg
import typer

from daymart import __version__, reports, stages
from daymart.cli import contracts, marts, new, publication, quarantine
from daymart.cli.output import answer, complain, say, show_json
from daymart.cli.progress import reading, steps
from daymart.errors import DaymartError, ExitCode
from daymart.warehouse.connect import Role

app = typer.Typer(
    name="daymart",
    help="A trading company's morning: load, build, check, publish all or nothing.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(contracts.app, name="contracts")
app.add_typer(marts.app, name="marts")
app.add_typer(new.app, name="new")
app.add_typer(publication.app, name="publication")
app.add_typer(quarantine.app, name="quarantine")

AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        help="Evening the figures describe. Default: the last working day before today.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def main() -> None:
    """Run the command line; a user's mistake ends with one sentence and an exit code."""
    try:
        app()
    except DaymartError as failed:
        complain(str(failed))
        sys.exit(failed.exit_code)
    except psycopg.OperationalError as down:
        complain(f"warehouse: {str(down).strip().splitlines()[0]}. Is PostgreSQL up?")
        sys.exit(ExitCode.WAREHOUSE_UNAVAILABLE)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        say(__version__)
        raise typer.Exit


@app.command()
def demo(
    seed: Annotated[int, typer.Option(min=0, help="Another seed, another company.")] = 7,
    scale: Annotated[
        float | None,
        typer.Option(help="Size of a new company: 1 is 50,000 order lines a year. [default: 0]"),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(help="Working days of history of a new company. [default: 40]"),
    ] = None,
    reset: Annotated[
        bool, typer.Option(help="Forget the demo's company and warehouse and begin anew.")
    ] = False,
    advance: Annotated[
        int | None,
        typer.Option(min=1, help="Only let so many working days happen in the sources."),
    ] = None,
    answers: Annotated[
        bool, typer.Option("--answers", help="Only write right answers beside the sources.")
    ] = False,
) -> None:
    """Run a whole morning of the demo company through the real Airflow DAGs.

    The first run makes the company; each further run is its next working day. Scale 0 is the
    hand-written company of about 25 orders a day with every named edge case; a scale above 0
    adds bulk trade to it. Scale 100 over 260 days is about 5 million order lines; its ERP takes
    about six minutes to write and 9 GB of disk.

    daymart demo --reset --scale 1 --days 260   a company of 20 people, a year of history

    daymart demo --advance 5                    a week passes in all departments, no morning runs

    daymart demo --answers                      schema `answers` of its ERP: what marts must say
    """
    from daymart.demo.morning import NewCompany, advance_demo, answer_demo, run_demo

    if advance:
        advance_demo(advance)
    if answers:
        answer_demo()
    if not advance and not answers:
        run_demo(NewCompany(seed, scale, days), reset=reset)


@app.command()
def check(as_json: AsJson = False) -> None:
    """Check settings, contracts, connections, mapping queries and the dbt project.

    Nothing is written. Exit code 2 tells a mistake of ours, 3 a source, 4 the warehouse.
    """
    from daymart.checkup import checkup

    found = []
    for line in checkup(stages.open_company()):
        found.append(line)
        if not as_json:
            say(f"ok  {line}")
    if as_json:
        show_json({"ok": found})


@app.command()
def install() -> None:
    """Create or extend the warehouse: schemas, roles, raw tables, feed registry, calendar.

    Run it once, and again when a contract gained a table or a column. It needs the right to
    create schemas and, the first time, roles; the other commands do not.
    """
    company = stages.open_company()
    stages.install(company)
    say(f"the warehouse holds {sum(len(f.tables) for f in company.feeds.values())} raw tables")


@app.command()
def run(
    as_of: AsOf = None,
    feed: Annotated[
        list[str] | None, typer.Option(help="Load only these feeds. Default: all bound ones.")
    ] = None,
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Build every row anew, not only what deliveries touched."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run a morning here: pull and accept feeds, build, audit, publish.

    A feed that fails does not stop the others: marts that need it are published with its last
    good data and say so. Exit code 6: nothing was published; 7: rows wait in quarantine.
    """
    company = stages.open_company()
    evening = _evening(company, as_of)
    names = feed or sorted(company.bound)
    problems, held = [], 0
    for name in names:
        try:
            held += _load(company, name, evening, quiet=as_json)
        except DaymartError as failed:
            problems.append(failed)
            complain(str(failed))
    publication_id = _publish(company, evening, quiet=as_json, rebuild=rebuild)
    _report(company, publication_id, as_json)
    if problems:
        raise typer.Exit(problems[0].exit_code)
    if held:
        raise typer.Exit(ExitCode.QUARANTINED)


@app.command()
def load(
    feed: Annotated[str, typer.Argument(help="Feed to load; see: daymart contracts list")],
    as_of: AsOf = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read, type and judge, but accept nothing.")
    ] = False,
    whole: Annotated[
        bool,
        typer.Option(
            "--whole",
            help="Read every table from its beginning, not only what changed; of drop folders,"
            " files accepted before are not read again.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Load one feed: read, type, land, judge, accept.

    Where a database or a service can tell what changed, only that is read. Once in a while, and
    after a mapping was mended, --whole compares everything and finds what it forgot to tell.
    Files of drop folders are read once: what is accepted, --whole leaves as it is.
    """
    company = stages.open_company()
    company.feed(feed)
    evening = _evening(company, as_of)
    if dry_run:
        from daymart.load.dry_run import dry_run as rehearse

        found = rehearse(company.warehouse, company.feed(feed), company.project, evening)
        answer(as_json, found)
        if failures := found.get("would fail"):
            raise typer.Exit(failures[0]["exit_code"])
        return
    held = _load(company, feed, evening, quiet=as_json, whole=whole)
    with company.warehouse.session(Role.LOADER) as session:
        ids = reports.latest_loads(session, feed)
        sections: dict[str, Any] = {"loads": reports.loads(session, ids)}
        for load_id in ids:
            sections[f"load {load_id}"] = reports.load_tables(session, load_id)
        sections["checks to look at"] = reports.open_verdicts(session, ids, None)
    answer(as_json, sections)
    if held:
        raise typer.Exit(ExitCode.QUARANTINED)


@app.command()
def status(
    feed: Annotated[str | None, typer.Option(help="One feed in detail.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what is published, how fresh it is, who answers, and what waits."""
    company = stages.open_company()
    with company.warehouse.session(Role.PUBLISHER) as session:
        ids = reports.latest_loads(session, feed)
        sections: dict[str, Any] = {"latest loads": reports.loads(session, ids)}
        if feed:
            company.feed(feed)
            for load_id in ids:
                sections[f"load {load_id}"] = reports.load_tables(session, load_id)
            if files := reports.load_files(session, ids):
                sections["files of the last load"] = files
        else:
            sections["marts"] = reports.mart_states(session)
        if missing := reports.missing_days(session, ids):
            sections["days without a file"] = missing
        sections["checks to look at"] = reports.open_verdicts(session, ids, None)
        sections["quarantine"] = reports.rejects(session, feed, "open", 20)
    answer(as_json, sections)


def _evening(company: stages.Company, as_of: datetime | None) -> date:
    return as_of.date() if as_of else stages.default_as_of(company)


def _load(
    company: stages.Company, feed: str, as_of: date, *, quiet: bool, whole: bool = False
) -> int:
    with reading(feed, quiet=quiet) as progress:
        load_ids = stages.pull(company, feed, as_of, progress, whole=whole)
    with steps(quiet=quiet) as step:
        step(f"{feed}: judging and accepting")
        held = stages.accept(company, feed, load_ids)
    if not quiet:
        say(f"{feed} {as_of}: accepted" + (f", {held} rows held back" if held else ""))
    return held


def _publish(company: stages.Company, as_of: date, *, quiet: bool, rebuild: bool) -> int:
    with steps(quiet=quiet) as step:
        step("building marts")
        publication_id = stages.build(company, as_of, whole=rebuild)
        step("auditing the candidate")
        stages.audit(company, publication_id)
        step("publishing")
        stages.publish(company, publication_id)
    return publication_id


def _report(company: stages.Company, publication_id: int, as_json: bool) -> None:
    from daymart.cli.morning_report import morning_report

    answer(as_json, morning_report(company, publication_id))
