"""`daymart marts`: what sellers read."""

from pathlib import Path
from typing import Annotated

import typer

from daymart.cli.generated import bring_up_to_date
from daymart.cli.output import answer, say
from daymart.settings import find_home

app = typer.Typer(help="Marts: list them, generate their pages, build dbt's own documentation.")

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


@app.command("list")
def list_marts(as_json: AsJson = False) -> None:
    """List marts with group, promise, owner and the feeds they rest on."""
    from daymart.marts.read import read_marts

    rows = [
        {
            "mart": m.name,
            "group": m.group,
            "promised by": f"{m.meta.promise:%H:%M}",
            "owner": m.meta.owner,
            "feeds": m.meta.feeds,
        }
        for m in read_marts(find_home()).values()
    ]
    answer(as_json, {"marts": rows})


@app.command()
def generate(
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when a page is stale.")
    ] = False,
) -> None:
    """Write a page per mart from dbt's YAML, the checks and the contracts."""
    from daymart.contracts.read import read_feeds
    from daymart.marts.defences import defences
    from daymart.marts.pages import FOLDER, pages
    from daymart.marts.read import read_marts

    home = find_home()
    wanted = pages(read_marts(home), read_feeds(home / "contracts"), defences())
    bring_up_to_date(home, wanted, FOLDER, "daymart marts generate", check_only=check_only)


@app.command()
def docs(
    folder: Annotated[
        Path | None, typer.Option("--to", help="Folder to write to. Default: .daymart/docs.")
    ] = None,
) -> None:
    """Build dbt's documentation of the warehouse as one page: models, columns, lineage, readers."""
    from daymart import stages

    company = stages.open_company()
    page = stages.document(company, folder or company.project.home / ".daymart" / "docs")
    say(f"wrote {page}: open it in a browser")
