"""Logistics: csv files for each business date in a folder, each with a manifest beside it.

The files are cp1251 with semicolons, decimal commas, headers and codes in Russian, and times in
UTC as dd.mm.yyyy hh:mm:ss. A character that cp1251 does not know is a question mark. A row stands
in the file of its own date, that of a day off in the one of the working day before, which is sent
on the next morning; or in the first one still to be written when that file is there already: so a
correction comes with the day it is made. Nothing in the ERP takes a row away.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import psycopg
from psycopg import sql

from daymart.demo.workdays import Workdays
from daymart.errors import SourceError

ENCODING = "cp1251"
MOVING = {"отгрузки": "shipments", "строки": "lines", "события": "events"}
"""Files of what is new or changed, and the queries of what they may hold."""

ROUTES = "маршруты"
MEASURE = "Количество"
"""What the manifests of `строки` add up; their query gives it as a number beside the text."""

FIND_DUE = """
create temporary table due on commit drop as
with found as ({query}),

hashed as (
    select
        found.*,
        md5(found::text) as _hash
    from found
),

placed as (
    select
        hashed.*,
        case
            when sent.hash = hashed._hash then sent.day
            else (
                select min(day) from unnest(%(open)s::date[]) as day
                where day >= coalesce(
                    (select max(day) from unnest(%(working)s::date[]) as day
                    where day <= hashed._day), hashed._day
                )
            )
        end as _file_day
    from hashed
    left join erp.logistics_sent as sent on sent.file = %(file)s and sent.key = hashed._key
)

select * from placed
where _file_day = any(%(open)s::date[])
"""

REMEMBER = """
insert into erp.logistics_sent (file, key, hash, day)
select %s, _key, _hash, _file_day from due
on conflict (file, key) do update set hash = excluded.hash, day = excluded.day
"""


@dataclass(frozen=True)
class Written:
    """What a manifest says of the file beside it."""

    name: str
    rows: int
    total: Decimal | None
    sha256: str
    size: int
    day: date


def keep_logistics(erp_dsn: str, folder: Path, evening: date) -> None:
    """Leave the files of every business date up to `evening` that are not there yet.

    What was sent is remembered in the ERP when all files are written: a run that was interrupted
    sends again rather than too little. Raises SourceError when there is no demo company.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with psycopg.connect(erp_dsn) as erp:
        days, tomorrow = _business_dates(erp, evening)
        erp.execute(_script("words").encode())
        for name, query in MOVING.items():
            waiting = [day for day in days if not _manifest(folder, name, day).exists()]
            _leave_changes(erp, folder, name, query, waiting, [*days, tomorrow])
        for day in days:
            if not _manifest(folder, ROUTES, day).exists():
                _leave(erp, folder, ROUTES, day, sql.SQL(_script("routes")))


def _business_dates(erp: psycopg.Connection, evening: date) -> tuple[list[date], date]:
    """Return the working days up to `evening`, and the one after it."""
    (table,) = erp.execute("select to_regclass('erp.company')").fetchone() or (None,)
    if table is None:
        raise SourceError(
            "files of logistics",
            saw="no table erp.company",
            expected="a created company",
            remedy="Create it first.",
        )
    row = erp.execute("select first_day, holidays from erp.company").fetchone()
    assert row is not None
    workdays = Workdays(frozenset(row[1]))
    return workdays.span(row[0], evening), workdays.shift(evening, 1)


def _leave_changes(
    erp: psycopg.Connection,
    folder: Path,
    name: str,
    query: str,
    waiting: list[date],
    working: list[date],
) -> None:
    """Leave one file for each date that waits for one, with what is due in it."""
    if not waiting:
        return
    due = sql.SQL(FIND_DUE).format(query=sql.SQL(_script(query)))
    # A statement with parameters of the server's own makes no table; these are written into it.
    with psycopg.ClientCursor(erp) as cursor:
        cursor.execute(due, {"open": waiting, "working": working, "file": name})
    erp.execute("create index on due (_file_day)")
    for day in waiting:
        on_day = sql.SQL("select * from due where _file_day = {} order by _day, _key")
        _leave(erp, folder, name, day, on_day.format(sql.Literal(day)))
    erp.execute(REMEMBER, [name])
    erp.execute("drop table due")


def _leave(
    erp: psycopg.Connection, folder: Path, name: str, day: date, query: sql.Composable
) -> None:
    """Write a file and its manifest, each under another name first."""
    given = erp.execute(sql.SQL("select * from ({}) as rows limit 0").format(query)).description
    columns = [column.name for column in given or ()]
    listed = sql.SQL(", ").join(sql.Identifier(c) for c in columns if not c.startswith("_"))
    measure = sql.SQL("sum(_measure)" if "_measure" in columns else "null::numeric")
    counting = sql.SQL("select count(*), {} from ({}) as rows").format(measure, query)
    rows, total = erp.execute(counting).fetchone() or (0, None)
    copying = sql.SQL(
        "copy (select {} from ({}) as rows) to stdout (format csv, header, delimiter ';')"
    ).format(listed, query)
    path = folder / f"{name}_{day:%Y%m%d}.csv"
    sha256, size = _write(path, _copied(erp, copying))
    manifest = _described(Written(path.name, rows, total, sha256, size, day))
    _write(_manifest(folder, name, day), iter([manifest]))


def _copied(erp: psycopg.Connection, copying: sql.Composed) -> Iterator[bytes]:
    """Stream whole rows in the encoding of the files."""
    with erp.cursor().copy(copying) as copy:
        for row in copy:
            yield bytes(row).decode().encode(ENCODING, "replace")


def _write(path: Path, content: Iterator[bytes]) -> tuple[str, int]:
    """Write a file that is seen only when it is whole; return its SHA-256 and its bytes."""
    unfinished = path.with_name(f".{path.name}.part")
    digest, size = hashlib.sha256(), 0
    with unfinished.open("wb") as file:
        for part in content:
            digest.update(part)
            size += file.write(part)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return digest.hexdigest(), size


def _described(written: Written) -> bytes:
    """Return a manifest as Daymart reads it."""
    manifest: dict[str, object] = {
        "file_name": written.name,
        "row_count": written.rows,
        "file_hash": written.sha256,
        "bytes": written.size,
        "complete_through": written.day.isoformat(),
    }
    if written.total is not None:
        manifest |= {"control_measure": MEASURE, "control_total": str(written.total)}
    return json.dumps(manifest, ensure_ascii=False, indent=1).encode()


def _manifest(folder: Path, name: str, day: date) -> Path:
    return folder / f"{name}_{day:%Y%m%d}.manifest.json"


def _script(name: str) -> str:
    folder = files("daymart.demo.departments.logistics")
    return folder.joinpath(f"{name}.sql").read_text(encoding="utf-8")
