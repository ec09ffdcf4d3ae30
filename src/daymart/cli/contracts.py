"""`daymart contracts`: what departments promised."""

import os
from pathlib import Path
from typing import Annotated

import typer

from daymart.cli.generated import bring_up_to_date
from daymart.cli.output import answer, complain, say, show_json
from daymart.contracts.dbt_sources import TARGET, dbt_sources
from daymart.contracts.pages import FOLDER, pages
from daymart.contracts.problems import problems_in
from daymart.contracts.read import contract_paths, read_feeds
from daymart.errors import ConfigError, ExitCode
from daymart.settings import FILE_NAME, find_home, load_project
from daymart.sources.queries import read_queries

app = typer.Typer(help="Contracts: list, check, and generate what is derived from them.")

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


@app.command("list")
def list_contracts(as_json: AsJson = False) -> None:
    """List feeds with owner, deadline and tables."""
    feeds = read_feeds(find_home() / "contracts")
    rows = [
        {
            "feed": f.name,
            "owner": f.owner,
            "deputy": f.deputy,
            "head": f.head,
            "deadline": f"{f.deadline:%H:%M} {f.timezone.key}",
            "schedule": f.schedule,
            "tables": [t.name for t in f.tables],
        }
        for f in feeds.values()
    ]
    answer(as_json, {"contracts": rows})


@app.command()
def check(as_json: AsJson = False) -> None:
    """Refuse contracts that lack people, keys, deadlines or words, or point at nothing."""
    home = find_home()
    paths = contract_paths(home / "contracts")
    has_settings = "DAYMART_SETTINGS" in os.environ or (home / FILE_NAME).exists()
    calendars = load_project(home).settings.calendars if has_settings else None
    problems = problems_in(paths, calendars)
    if as_json:
        show_json([vars(p) for p in problems])
    for problem in problems if not as_json else ():
        complain(str(problem))
    if problems:
        raise typer.Exit(ExitCode.USAGE)
    if not as_json:
        say(f"{len(paths)} contracts are sound")


@app.command()
def mapping(
    system: Annotated[str, typer.Argument(help="Folder below systems/.")],
    table: Annotated[str, typer.Argument(help="Contract table.")],
    as_of: Annotated[str, typer.Option(help="Evening to ask for.")] = "2026-01-01",
) -> None:
    """Print the whole query that fills a table, ready for psql at the source."""
    queries = read_queries(find_home() / "systems" / system)
    if table not in queries:
        raise ConfigError(
            f"systems/{system}/{table}.sql",
            saw="no such file",
            expected="one of " + ", ".join(queries),
        )
    typer.echo(f"set daymart.as_of = '{as_of}';\nset daymart.since = '-infinity';")
    typer.echo(f"{queries[table]};")


@app.command()
def generate(
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when a file is stale.")
    ] = False,
) -> None:
    """Write dbt's sources file and a page per feed from the contracts."""
    home = find_home()
    feeds = read_feeds(home / "contracts")
    wanted = {Path("dbt_project") / TARGET: dbt_sources(feeds.values()), **pages(feeds)}
    bring_up_to_date(home, wanted, FOLDER, "daymart contracts generate", check_only=check_only)
