"""The company's settings: `daymart.yaml`, validated in one place."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from daymart.errors import ConfigError

FILE_NAME = "daymart.yaml"
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
GIB = 1024**3
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Strict(BaseModel):
    """A settings block in which a misspelt name is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(Strict):
    """How much of a file is too much.

    Bytes of the file as it lies and of what it expands to, columns, characters of one field, and
    times its packed size that it may expand to (content below 10 MiB may expand to any).
    """

    max_bytes: int = Field(default=8 * GIB, ge=1)
    max_expanded_bytes: int = Field(default=8 * GIB, ge=1)
    max_compression_ratio: float = Field(default=200, ge=1)
    max_columns: int = Field(default=1_000, ge=1)
    max_field_chars: int = Field(default=131_072, ge=1)


class FileTable(Strict):
    """How the files of one contract table, or of one entity of a mapped system, look.

    `path` may hold `{as_of}` (or `{as_of:%Y%m%d}`), the business date of each file, and shell
    wildcards; it is relative to the binding's `folder`. What follows `.zip/` names members of an
    archive. `manifest` is the path of the manifest beside each file; `{file}` and `{stem}` stand
    for the file's name with and without its endings. `stable_for`: seconds without a change after
    which a file without manifest counts as complete. `mode` is for entities of a mapped system:
    the newest file only, all that are new, or all whenever one is new. `columns` maps contract
    columns to the headers of the file; for an entity it renames.
    """

    path: str
    manifest: str | None = None
    stable_for: float = Field(10.0, ge=0)
    mode: Literal["newest", "all_new", "all"] = "newest"
    kind: Literal["csv", "xlsx"] = "csv"
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    sheet: str | None = None
    header_row: int = Field(1, ge=1)
    decimal: Literal[".", ","] = "."
    thousands: Literal["", " ", ",", ".", "'"] = ""
    date: str = "%Y-%m-%d"
    timestamp: str = "%Y-%m-%dT%H:%M:%S"
    timezone: str = "UTC"
    true: tuple[str, ...] = ("true", "1")
    false: tuple[str, ...] = ("false", "0")
    columns: dict[str, str] = Field(default_factory=dict)
    limits: Limits = Limits()


class Patience(Strict):
    """How long a server over HTTP is waited for; seconds, all of them for one page.

    `total_s` bounds everything a page may take, repeated attempts and pauses included.
    """

    connect_s: float = Field(default=10, gt=0)
    read_s: float = Field(default=60, gt=0)
    total_s: float = Field(default=300, gt=0)
    attempts: int = Field(default=5, ge=1)
    first_wait_s: float = Field(default=1, ge=0)
    longest_wait_s: float = Field(default=60, ge=0)


class RemoteEntity(Strict):
    """One entity of a service over HTTP, under the name mapping SQL knows it by.

    `key` finds doubled rows. With `changed`, a table with a cursor asks only for what changed
    since. Each of `lists` (tabular sections) becomes `<name>.<list>`.
    """

    key: tuple[str, ...]
    changed: str | None = None
    select: tuple[str, ...] = ()
    page_size: int = Field(default=1000, ge=1)
    lists: tuple[str, ...] = ()


class EntitySet(RemoteEntity):
    """One entity set of an OData service; `key` also orders its pages."""

    set: str
    key: tuple[str, ...] = Field(default=("Ref_Key",), min_length=1)
    filter: str | None = None


class Resource(RemoteEntity):
    """One list of a plain REST service.

    `rows` and `next` are paths into the document, such as `data.items`: where the rows stand, and
    where the link to the next page. Without `next`, `offset` or `page` name the parameter that
    counts rows or pages, and `limit` the one for the page's size; without any, there is one page.
    """

    path: str
    key: tuple[str, ...] = Field(min_length=1)
    rows: str = ""
    params: dict[str, str] = Field(default_factory=dict)
    next: str | None = None
    offset: str | None = None
    page: str | None = None
    limit: str | None = None
    first_page: int = 1


class Remote(Strict):
    """How a service over HTTP writes its values, and how patiently it is asked.

    `timezone` is the zone of times without an offset; a timestamp that ends in %z wants one.
    """

    timezone: str = "UTC"
    date: str = "%Y-%m-%d"
    timestamp: str = "%Y-%m-%dT%H:%M:%S%z"
    reads: int = Field(default=3, ge=1)
    patience: Patience = Patience()


class Rest(Remote):
    """A plain REST service."""

    entities: dict[str, Resource]


class OData(Remote):
    """How an OData service is read: version 3 as 1C speaks it, or version 4.

    `counts: false` is for services that do not know `$count`; what changes while it is read is
    then found by the keys alone.
    """

    entities: dict[str, EntitySet]
    version: Literal[3, 4] = 3
    date: str = "%Y-%m-%dT00:00:00"
    timestamp: str = "%Y-%m-%dT%H:%M:%S"
    counts: bool = True


class Binding(Strict):
    """Which system fills which feeds, and over which connection or from which folder.

    `folder` is a path or a URL (sftp://, s3://, memory://); its log-in is the `connection`. The
    names of `files` are contract tables, or entities where systems/<system>/ holds mapping SQL.
    """

    system: str
    feeds: tuple[str, ...]
    connection: str | None = None
    folder: str | None = None
    source_system: str | None = None
    files: dict[str, FileTable] = Field(default_factory=dict)
    odata: OData | None = None
    rest: Rest | None = None

    @property
    def source_name(self) -> str:
        """The name raw rows carry in `source_system`."""
        return self.source_system or self.system


class Calendar(Strict):
    """A business calendar: weekly days off, holidays, and days off moved to working ones."""

    weekend: tuple[Weekday, ...] = ("sat", "sun")
    holidays: tuple[date, ...] = ()
    working: tuple[date, ...] = ()

    def is_working(self, day: date) -> bool:
        """Tell whether `day` is a working day."""
        if day in self.working:
            return True
        return day not in self.holidays and WEEKDAYS[day.weekday()] not in self.weekend


class Promise(Strict):
    """When a morning must be published at the latest and when it stops waiting for feeds."""

    timezone: str = "UTC"
    last_moment: str = "0 8 * * *"


class Settings(Strict):
    """Everything a company decides about its Daymart."""

    company: str
    currency: str = Field(pattern="^[A-Z]{3}$")
    warehouse: str = "warehouse"
    promise: Promise = Promise()
    retention_days: int = Field(default=730, ge=31)
    calendars: dict[str, Calendar] = Field(default_factory=lambda: {"default": Calendar()})
    bindings: tuple[Binding, ...] = ()

    def bindings_of(self, feed: str) -> list[Binding]:
        """Return the bindings that fill `feed`, in their order."""
        return [b for b in self.bindings if feed in b.feeds]


@dataclass(frozen=True)
class Project:
    """A project folder and its settings."""

    home: Path
    settings: Settings

    @property
    def contracts(self) -> Path:
        return self.home / "contracts"

    @property
    def systems(self) -> Path:
        return self.home / "systems"

    @property
    def dbt(self) -> Path:
        return self.home / "dbt_project"

    def builds(self, database: str = "") -> Path:
        """Return where dbt's files of builds lie: of one warehouse's, or of all."""
        return self.home / ".daymart" / "dbt" / database


def find_home(start: Path | None = None) -> Path:
    """Find the project folder: DAYMART_HOME, else the nearest folder with a contracts/.

    Raises ConfigError when there is none.
    """
    named = os.environ.get("DAYMART_HOME")
    if named:
        return Path(named).resolve()
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "contracts").is_dir() and (folder / "systems").is_dir():
            return folder
    raise ConfigError(
        f"project folder from {here}",
        saw="no contracts/ and systems/ here or above",
        remedy="Go to the project's folder or set DAYMART_HOME.",
    )


def load_project(home: Path | None = None) -> Project:
    """Read the settings of the project in `home` (default: found from here).

    DAYMART_SETTINGS names another settings file, for a second company in one checkout.
    Raises ConfigError naming the field, the value and the remedy.
    """
    folder = home or find_home()
    path = Path(os.environ.get("DAYMART_SETTINGS") or folder / FILE_NAME)
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Project(home=folder, settings=Settings.model_validate(data))
    except FileNotFoundError as missing:
        raise ConfigError(
            str(path), saw="no such file", remedy=f"Write a {FILE_NAME} (see README)."
        ) from missing
    except ValidationError as invalid:
        first = invalid.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(
            f"{path.name}: {where}",
            saw=f"{first.get('input')!r}"[:120],
            expected=first["msg"],
            remedy="Correct it and run: daymart check",
        ) from invalid
    except (yaml.YAMLError, ValueError) as broken:  # ValueError: a day such as 2026-02-30
        raise ConfigError(str(path), saw=f"not YAML: {broken}") from broken
