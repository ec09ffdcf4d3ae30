"""`daymart new`: the first version of the files a newcomer needs."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from daymart.cli.output import say
from daymart.contracts.model import Feed, Table
from daymart.contracts.read import read_feeds
from daymart.errors import ConfigError
from daymart.scaffold.feed import new_feed
from daymart.scaffold.samples import Sample, sample_of, samples_in
from daymart.scaffold.system import binding, feed_binding, new_system
from daymart.settings import find_home

app = typer.Typer(help="Write the first version of a system's mappings or a feed's contract.")

Files = Annotated[
    Path | None, typer.Option(exists=True, file_okay=False, help="Folder with sample files.")
]


@app.command()
def system(
    name: Annotated[str, typer.Argument(help="What you call the system: letters, digits, _.")],
    feed: Annotated[list[str], typer.Option(help="A feed it fills; repeat for several.")],
    table: Annotated[
        list[str] | None, typer.Option(help="Only these contract tables. Default: all.")
    ] = None,
    files: Files = None,
) -> None:
    """Write one mapping query per contract table, and say what belongs into daymart.yaml.

    With --files the sample files are looked at: encoding, delimiter, days in their names, and
    columns that carry the contract's own names are mapped already. A file that exists is never
    overwritten.
    """
    home = find_home()
    tables = _tables(read_feeds(home / "contracts"), feed, table or [])
    samples = samples_in(files) if files else []
    written = new_system(home / "systems", name, tables, samples)
    _tell(written, home)
    say("\nAdd to the bindings of daymart.yaml:\n")
    say(binding(name, feed, str(files) if files else "", samples))
    _next_steps(
        [
            f"in systems/{name}/ delete the queries of tables you cannot fill, and fill in the"
            " others: each column says what it must hold",
            "take from other systems' bindings the feeds this one fills alone",
            "daymart install",
            "daymart check",
        ],
        feed,
    )


@app.command()
def feed(
    name: Annotated[str, typer.Argument(help="Name of the feed: letters, digits, _.")],
    owner: Annotated[str, typer.Option(help="Role that answers for it, e.g. service.manager.")],
    sample: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="A file of it; repeat for several tables."),
    ] = None,
) -> None:
    """Write a contract and a landing suite for a feed Daymart does not know yet.

    With --sample each file becomes a table: columns from its header, types from its values.
    """
    home = find_home()
    samples: list[Sample] = [sample_of(path) for path in sample or []]
    _tell(new_feed(home, name, owner, samples), home)
    if samples:
        folder = sample[0].parent if sample else Path()
        say("\nAdd to the bindings of daymart.yaml:\n")
        say(feed_binding(name, str(folder), samples))
    _next_steps(
        [
            "say in the contract what each column means, its key, unit and labels",
            f"bind {name} in daymart.yaml",
            "daymart contracts generate",
            "daymart install",
            "daymart check",
        ],
        [name],
    )


def _tables(feeds: dict[str, Feed], names: Iterable[str], wanted: list[str]) -> list[Table]:
    unknown = [n for n in names if n not in feeds]
    if unknown:
        raise ConfigError(
            f"feed {unknown[0]!r}", saw="no such feed", expected=f"one of {', '.join(feeds)}"
        )
    tables = {t.name: t for n in names for t in feeds[n].tables}
    strange = [w for w in wanted if w not in tables]
    if strange:
        raise ConfigError(
            f"table {strange[0]!r}", saw="no such table", expected=f"one of {', '.join(tables)}"
        )
    return [t for t in tables.values() if not wanted or t.name in wanted]


def _tell(written: list[Path], home: Path) -> None:
    for path in written:
        say(f"wrote {path.relative_to(home)}")
    if not written:
        say("nothing to write: every file exists already")


def _next_steps(steps: list[str], feeds: list[str]) -> None:
    loads = [f"daymart load {n} --dry-run, and without it when the rows look right" for n in feeds]
    say("Then:")
    for number, step in enumerate([*steps, *loads], 1):
        say(f"  {number}. {step}")
