"""Find the files of a table in a folder: a path pattern tells names and business dates."""

import re
import string
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import translate
from functools import cached_property

from daymart.errors import ConfigError, ContractError
from daymart.sources.folder import Entry

MEMBERS = ".zip/"
_DIRECTIVES = {
    "Y": r"\d{4}", "y": r"\d\d", "m": r"\d\d", "d": r"\d\d", "j": r"\d{3}", "H": r"\d\d",
    "M": r"\d\d", "S": r"\d\d", "b": r"[^\W\d_]+\.?", "B": r"[^\W\d_]+",
}  # fmt: skip
_DAY = re.compile(r"%[djH]")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Found:
    """A file of a table: where it lies and which business date its name gives it."""

    entry: Entry
    business_date: date

    @property
    def name(self) -> str:
        """The path below the folder."""
        return self.entry.name


@dataclass(frozen=True)
class PathPattern:
    """`path` of a binding: what a file's name must look like and where its date stands."""

    path: str
    what: str

    def __post_init__(self) -> None:
        """Refuse a pattern that means nothing; raises ConfigError."""
        if self.path.startswith(("/", "\\")) or ".." in self.path.split("/"):
            raise self._meaningless()
        try:
            self.expected(date(2026, 1, 2))
            pieces = [name for _, name, _, _ in string.Formatter().parse(self.path) if name]
        except (KeyError, IndexError, ValueError, AttributeError) as broken:
            raise self._meaningless() from broken
        if set(pieces) - {"as_of"}:
            raise self._meaningless()
        _ = self._exact

    @property
    def files(self) -> str:
        """The part that names files; what follows `.zip/` names members of each archive."""
        head, mark, _ = self.path.partition(MEMBERS)
        return head + mark.rstrip("/")

    @property
    def members(self) -> str | None:
        """The pattern of an archive's members, if there is one."""
        return self.path.partition(MEMBERS)[2] or None

    @cached_property
    def formats(self) -> tuple[str, ...]:
        """How the date is written, place by place."""
        parts = string.Formatter().parse(self.files)
        return tuple(spec or "%Y-%m-%d" for _, name, spec, _ in parts if name)

    @property
    def is_dated(self) -> bool:
        return bool(self.formats)

    @property
    def is_daily(self) -> bool:
        """Tell whether each day has a file of its own; a month's file has no day in its name."""
        return any(_DAY.search(written) for written in self.formats)

    @property
    def depth(self) -> int | None:
        """How many folders deep files may lie; None where a `**` leaves it open."""
        return None if "**" in self.files else self.files.count("/") + 1

    def expected(self, as_of: date) -> str:
        """Return the name of the evening's own file, wildcards included."""
        return self.path.format(as_of=as_of)

    def own_date(self, as_of: date) -> date:
        """Return the business date the evening's own file has by its name."""
        if not self.is_dated:
            return as_of
        return _parsed([(f"{as_of:{written}}", written) for written in self.formats]) or as_of

    def matches(self, name: str) -> bool:
        """Tell whether a name fits, whatever stands in the date's place."""
        return bool(self._exact.fullmatch(name) or self._loose.fullmatch(name))

    def date_of(self, name: str) -> date | None:
        """Return the date a name holds; None when its date part is no date."""
        found = self._exact.fullmatch(name)
        if found is None:
            return None
        return _parsed(list(zip(found.groups(), self.formats, strict=True)))

    @cached_property
    def _exact(self) -> re.Pattern[str]:
        return re.compile(self._expression([self._digits(written) for written in self.formats]))

    @cached_property
    def _loose(self) -> re.Pattern[str]:
        return re.compile(self._expression(["[^/]+"] * len(self.formats)))

    def _expression(self, dates: list[str]) -> str:
        """Write the pattern as a regular expression with a group for each date."""
        waiting, text = iter(dates), ""
        for literal, name, _, _ in string.Formatter().parse(self.files):
            text += _shell(literal)
            if name:
                text += f"({next(waiting)})"
        return text

    def _digits(self, written: str) -> str:
        text = ""
        for part in re.split(r"(%.)", written):
            if not part.startswith("%"):
                text += re.escape(part)
            elif part[1:] in _DIRECTIVES:
                text += _DIRECTIVES[part[1:]]
            else:
                raise self._meaningless()
        return text

    def _meaningless(self) -> ConfigError:
        return ConfigError(
            self.what,
            saw=f"path {self.path!r}",
            expected="one like orders_{as_of}.csv, relative to the binding's folder",
            remedy="Correct the binding in daymart.yaml.",
        )


def _shell(literal: str) -> str:
    """Translate shell wildcards; a star does not cross folders, two stars do."""
    text = ""
    for part in re.split(r"(\*\*/|\*|\?|\[[^\]]+\])", literal):
        if part == "**/":
            text += "(?:.*/)?"
        elif part in ("*", "?"):
            text += "[^/]" + ("*" if part == "*" else "")
        elif part.startswith("[") and part.endswith("]"):
            text += re.sub(r"^\(\?s:|\)\\[zZ]$", "", translate(part))
        else:
            text += re.escape(part)
    return text


def _parsed(places: list[tuple[str, str]]) -> date | None:
    """Read the date from the place that tells most of it; the other places must agree."""
    text, written = max(places, key=lambda place: len(set(re.findall("%.", place[1]))))
    try:
        found = datetime.strptime(text, written).date()
    except ValueError:
        return None
    agrees = all(found.strftime(form).lower() == seen.lower() for seen, form in places)
    return found if agrees else None


def scan(
    entries: Iterable[Entry], pattern: PathPattern, others: Iterable[PathPattern], as_of: date
) -> list[Found]:
    """Return the files of `pattern` up to an evening, oldest first, then in natural order.

    Without a date in the path every file belongs to the evening. Raises ContractError for a file
    whose date part is no date, unless the path of another table explains its name.
    """
    found = []
    for entry in entries:
        if not pattern.matches(entry.name):
            continue
        day = pattern.date_of(entry.name) if pattern.is_dated else as_of
        if day is None:
            if not any(other.date_of(entry.name) for other in others if other.is_dated):
                raise _undated(entry, pattern)
        elif day <= as_of:
            found.append(Found(entry, day))
    return sorted(found, key=lambda f: (f.business_date, natural(f.name)))


def _undated(entry: Entry, pattern: PathPattern) -> ContractError:
    return ContractError(
        f"{pattern.what} {entry.shown}",
        saw="its name holds no business date",
        expected=f"a name like {pattern.files}",
        remedy="Rename the file or remove it from the folder.",
    )


def natural(name: str) -> str:
    """Write a name so that texts sort as people number files: a, a_2, a_10."""
    stem = name.rpartition("/")[2].partition(".")[0]
    rest = name.replace(stem, "", 1)
    return f"{_padded(stem)} {_padded(rest)}"


def _padded(text: str) -> str:
    return _NUMBER.sub(lambda digits: digits[0].zfill(12), text)
