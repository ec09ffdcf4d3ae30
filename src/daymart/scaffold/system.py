"""`daymart new system`: one mapping query per contract table, and the binding that uses them."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from textwrap import wrap

import yaml

from daymart.contracts.model import Column, Table
from daymart.errors import ConfigError
from daymart.scaffold.samples import Sample, identifier, table_of

LINE = 100

SQLFLUFF = """# This system's mappings run in DuckDB, over files or fetched entities.
[sqlfluff]
dialect = duckdb
"""


def new_system(
    systems: Path, name: str, tables: Sequence[Table], samples: Sequence[Sample]
) -> list[Path]:
    """Write `systems/<name>/<table>.sql` for every table; a file that exists is left alone.

    Raises ConfigError when `name` cannot be a folder's name.
    """
    if identifier(name) != name:
        raise ConfigError(
            f"system {name!r}", saw="a name with other signs", expected="letters, digits and _"
        )
    folder = systems / name
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {folder / f"{table.name}.sql": mapping(table, samples) for table in tables}
    if samples:
        wanted[folder / ".sqlfluff"] = SQLFLUFF
    fresh = {path: text for path, text in wanted.items() if not path.exists()}
    for path, text in fresh.items():
        path.write_text(text, encoding="utf-8")
    return list(fresh)


def mapping(table: Table, samples: Sequence[Sample]) -> str:
    """Return a first mapping query: every promised column, matched by name where that is plain."""
    best = max(samples, key=lambda sample: _likeness(table, sample), default=None)
    matches = _matches(table, best) if best else {}
    lines = [_line(column, matches.get(column.name)) for column in table.columns]
    if best:
        lines += ["    _file,", "    _line,", "    _defect"]
        source = quoted(best.entity)
    else:
        lines[-1] = lines[-1].replace(",  --", "  --", 1)
        source = "name_of_the_source_table"
    return (
        "\n".join(
            [
                f"-- {table.grain} {table.description}".rstrip(),
                *_inventory(samples),
                "select",
                *lines,
                f"from {source}",
            ]
        )
        + "\n"
    )


def binding(name: str, feeds: Iterable[str], folder: str, samples: Sequence[Sample]) -> str:
    """Return the block for `bindings:` in daymart.yaml."""
    block: dict[str, object] = {"system": name, "feeds": sorted(feeds)}
    if samples:
        block |= {"folder": folder, "files": _files(samples)}
    else:
        block["connection"] = name
    return yaml.safe_dump([block], sort_keys=False, allow_unicode=True)


def feed_binding(feed: str, folder: str, samples: Sequence[Sample]) -> str:
    """Return the block of a feed whose files are its contract's tables."""
    files: dict[str, dict[str, object]] = {}
    for sample, described in zip(samples, _files(samples).values(), strict=True):
        renamed = {identifier(h): h for h in sample.header if identifier(h) != h}
        table = table_of(feed, sample)
        files[table] = described | ({"columns": renamed} if renamed else {})
    block = {"system": f"{feed}_desk", "feeds": [feed], "folder": folder, "files": files}
    return yaml.safe_dump([block], sort_keys=False, allow_unicode=True)


def _files(samples: Sequence[Sample]) -> dict[str, dict[str, str]]:
    """Describe files of one writer: what one shows holds for those that show nothing else.

    Files that a query joins must be written alike.
    """
    shared: dict[str, set[str]] = {}
    for sample in samples:
        for setting, written in sample.notation().items():
            shared.setdefault(setting, set()).add(written)
    house = {setting: min(found) for setting, found in shared.items() if len(found) == 1}
    return {
        s.entity: s.binding()
        | {k: v for k, v in house.items() if s.kind == "csv" and not s.shows_default(k)}
        for s in samples
    }


def quoted(name: str) -> str:
    """Quote an identifier only where it needs it."""
    return name if identifier(name) == name and name.isascii() else f'"{name}"'


def _matches(table: Table, sample: Sample) -> Mapping[str, str]:
    """Pair contract columns with headers that are the same word, or the record's `id`."""
    headers = {identifier(name): name for name in sample.header}
    found = {c.name: headers[c.name] for c in table.columns if c.name in headers}
    if "id" in headers and len(table.key) == 1:
        found.setdefault(table.key[0], headers["id"])
    return found


def _likeness(table: Table, sample: Sample) -> tuple[bool, int]:
    """Tell how much a file looks like a table: by its name (customers), then by its columns."""
    word = table.name.rsplit("_", 1)[-1]
    return sample.entity in (table.name, word, f"{word}s"), len(_matches(table, sample))


def _line(column: Column, header: str | None) -> str:
    value = quoted(header) if header else f"null::{column.physical_type}"
    need = "key" if column.key_position else "required" if column.required else "optional"
    words = f"{column.physical_type}, {need}. {column.description}"
    text = f"    {value} as {column.name},  -- {words}"
    return text if len(text) <= LINE else text[: LINE - 1] + "…"


def _inventory(samples: Sequence[Sample]) -> list[str]:
    """Tell what can be selected from, as comments to be deleted later."""
    if not samples:
        return []
    lines = ["-- Files (delete this list when done):"]
    for sample in samples:
        text = f"{sample.entity}: {', '.join(quoted(name) for name in sample.header)}"
        lines += [
            f"--   {line}"
            for line in wrap(text, LINE - 7, subsequent_indent="  ", break_long_words=False)
        ]
    return lines
