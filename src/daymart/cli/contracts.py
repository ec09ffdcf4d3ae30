"""`daymart contracts`: what departments promised."""

from typing import Annotated

import typer

from daymart.cli.output import answer, complain, say, show_json
from daymart.contracts.dbt_sources import TARGET, dbt_sources
from daymart.contracts.problems import problems_in
from daymart.contracts.read import contract_paths, read_feeds
from daymart.errors import ConfigError, ExitCode
from daymart.settings import find_home
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
    """Refuse contracts without owner, key or deadline, with unknown types or clashing names."""
    paths = contract_paths(find_home() / "contracts")
    problems = problems_in(paths)
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
        bool, typer.Option("--check", help="Write nothing; fail when the file is stale.")
    ] = False,
) -> None:
    """Write dbt's sources file from the contracts."""
    home = find_home()
    target = home / "dbt_project" / TARGET
    wanted = dbt_sources(read_feeds(home / "contracts").values())
    current = target.read_text(encoding="utf-8") if target.exists() else ""
    if wanted == current:
        say(f"{target.relative_to(home)} is up to date")
    elif check_only:
        raise ConfigError(
            str(target.relative_to(home)),
            saw="it does not follow from the contracts",
            remedy="Run: daymart contracts generate",
        )
    else:
        target.write_text(wanted, encoding="utf-8")
        say(f"wrote {target.relative_to(home)}")
