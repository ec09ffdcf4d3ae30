"""`daymart quarantine`: rows held back, why, and their second chance."""

from typing import Annotated

import typer

from daymart import reports, stages
from daymart.cli.output import answer, say, show_json
from daymart.errors import ConfigError, ExitCode
from daymart.warehouse.connect import Role

app = typer.Typer(help="Quarantine: list, show, replay.")

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Feed = Annotated[str | None, typer.Option(help="Only this feed.")]


@app.command("list")
def list_rejects(
    feed: Feed = None,
    every: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    limit: Annotated[int, typer.Option(help="How many, newest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List rows held back with the rule each broke."""
    company = stages.open_company()
    with company.warehouse.session(Role.LOADER) as session:
        state = None if every else "open"
        answer(as_json, {"quarantine": reports.rejects(session, feed, state, limit)})


@app.command()
def show(
    number: Annotated[int, typer.Argument(help="Number of the row.")], as_json: AsJson = False
) -> None:
    """Show one row: every rule it broke, its values as read, and who answers."""
    company = stages.open_company()
    with company.warehouse.session(Role.LOADER) as session:
        rows = reports.reject(session, number)
    if not rows:
        raise ConfigError(
            f"quarantined row {number}", saw="no such row", remedy="See: daymart quarantine list"
        )
    if as_json:
        show_json(rows[0])
        return
    row = rows[0]
    for name in ("feed_id", "table_name", "load_id", "file_name", "row_no", "state", "owner"):
        if row[name] is not None:
            say(f"{name.replace('_', ' ')}: {row[name]}")
    answer(
        False,
        {
            "rules broken": row["violations"],
            "values as read": [{"column": k, "value": v} for k, v in row["row_values"].items()],
        },
    )


@app.command("replay")
def replay_rejects(
    numbers: Annotated[
        list[int] | None, typer.Argument(help="Numbers of rows. Default: all open ones.")
    ] = None,
    feed: Feed = None,
    correction: Annotated[
        list[str] | None,
        typer.Option("--set", help="COLUMN=VALUE to correct in each row first."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Send rows through the contract as it is now; those that keep it enter raw once."""
    company = stages.open_company()
    corrections = dict(_assignment(text) for text in correction or ())
    total = stages.replay(company, _waiting(company, feed, numbers), corrections)
    if as_json:
        show_json(vars(total))
    else:
        say(
            f"{total.entered} rows entered raw, {total.held_again} held back again,"
            f" {total.overtaken} overtaken by a later delivery"
        )
    if total.held_again:
        raise typer.Exit(ExitCode.QUARANTINED)


def _assignment(text: str) -> tuple[str, str]:
    column, equals, value = text.partition("=")
    if not equals:
        raise ConfigError(f"--set {text}", saw="no equals sign", expected="COLUMN=VALUE")
    return column, value


def _waiting(
    company: stages.Company, feed: str | None, numbers: list[int] | None
) -> list[tuple[str, str, list[int]]]:
    with company.warehouse.session(Role.LOADER) as session:
        rows = session.execute(
            """
            select feed_id, source_system, array_agg(reject_id order by reject_id)
            from quarantine.reject
            where state = 'open' and (%(feed)s::text is null or feed_id = %(feed)s)
                and (%(ids)s::bigint[] is null or reject_id = any (%(ids)s))
            group by feed_id, source_system order by feed_id, source_system
            """,
            {"feed": feed, "ids": numbers or None},
        ).fetchall()
    return [(str(r[0]), str(r[1]), list(r[2])) for r in rows]
