"""Read Open Data Contract Standard files into `Feed` values."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from open_data_contract_standard.model import (
    CustomProperty,
    DataQuality,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
    Team,
)

from daymart.contracts.model import (
    Column,
    Feed,
    LoadMode,
    Promise,
    Reference,
    Severity,
    Table,
)
from daymart.contracts.problems import problems_in, read_yaml
from daymart.contracts.references import as_list, split
from daymart.errors import ConfigError

SUFFIX = ".odcs.yaml"


def read_feeds(folder: Path, calendars: Collection[str] | None = None) -> dict[str, Feed]:
    """Read every contract in `folder`, by feed name.

    Raises ConfigError naming the problems of every broken contract; `calendars` as in problems_in.
    Misspelt words that change nothing are for `require_sound` to find.
    """
    paths = contract_paths(folder)
    require_sound(paths, calendars, by_standard=False)
    feeds = (read_feed(path) for path in paths)
    return {feed.name: feed for feed in feeds}


def require_sound(
    paths: Sequence[Path], calendars: Collection[str] | None = None, *, by_standard: bool = True
) -> None:
    """Raise ConfigError naming every problem of these contracts; arguments as in problems_in."""
    problems = problems_in(paths, calendars, by_standard=by_standard)
    if problems:
        raise ConfigError(
            "contracts",
            saw="\n  " + "\n  ".join(str(p) for p in problems),
            remedy="Mend them, then run: daymart contracts check",
        )


def contract_paths(folder: Path) -> list[Path]:
    """List the contract files of `folder`; ConfigError when there is none."""
    paths = sorted(folder.glob(f"*{SUFFIX}"))
    if not paths:
        raise ConfigError(
            f"contracts in {folder}",
            saw="no file",
            expected=f"at least one NAME{SUFFIX}",
            remedy="Run the command in the project's folder or set DAYMART_HOME.",
        )
    return paths


def read_feed(path: Path) -> Feed:
    """Read one contract that is known to be sound (see `problems_in`)."""
    contract = OpenDataContractStandard.model_validate(read_yaml(path))
    properties = custom(contract.customProperties)
    people = roles(contract)
    promise = availability(contract)
    return Feed(
        name=str(contract.name),
        department=str(contract.domain),
        purpose=(contract.description.purpose or "") if contract.description else "",
        owner=people["owner"],
        deputy=people["deputy"],
        head=people["head"],
        channel=contract.support[0].channel or "" if contract.support else "",
        deadline=time.fromisoformat(str(promise.value)),
        schedule=str(promise.schedule),
        timezone=ZoneInfo(str(properties["timezone"])),
        calendar=str(properties.get("calendar", "default")),
        max_reject_share=float(properties.get("maxRejectShare", 0)),
        max_reject_rows=int(properties.get("maxRejectRows", 0)),
        netting_level=tuple(properties.get("nettingLevel", ())),
        edit_ban_rule=properties.get("editBanRule"),
        tables=tuple(_table(obj) for obj in contract.schema_ or ()),
        path=path,
    )


def custom(properties: Iterable[CustomProperty] | None) -> dict[str, Any]:
    """Turn the standard's list of custom properties into a mapping."""
    return {p.property or "": p.value for p in properties or ()}


def roles(contract: OpenDataContractStandard) -> dict[str, str]:
    """Return role -> username of the contract's team."""
    members = contract.team.members if isinstance(contract.team, Team) else contract.team
    return {m.role or "": m.username or "" for m in members or ()}


def availability(contract: OpenDataContractStandard) -> Any:
    """Return the contract's timeOfAvailability promise, None when it makes none."""
    for promise in contract.slaProperties or ():
        if promise.property == "timeOfAvailability":
            return promise
    return None


def _table(obj: SchemaObject) -> Table:
    properties = custom(obj.customProperties)
    columns = tuple(_column(p) for p in obj.properties or ())
    promises = list(_promises(obj.quality, column=None))
    for prop in obj.properties or ():
        promises.extend(_promises(prop.quality, column=prop.name))
    return Table(
        name=str(obj.name),
        grain=obj.dataGranularityDescription or "",
        description=obj.description or "",
        columns=columns,
        mode=LoadMode(properties["loadMode"]),
        cursor=properties.get("cursor"),
        overlap=parse_overlap(properties.get("overlap", "P0D")),
        partition=properties.get("snapshotPartition"),
        min_key_share=properties.get("minKeyShare"),
        control_measure=properties.get("controlMeasure"),
        promises=tuple(promises),
        references=tuple(_references(obj)),
        lookups=tuple(tuple(as_list(columns)) for columns in properties.get("lookups", ())),
        labels=properties.get("labels", {}),
    )


def _references(obj: SchemaObject) -> Iterator[Reference]:
    for prop in obj.properties or ():
        for relation in prop.relationships or ():
            table, column = split(str(relation.to))
            yield Reference((str(prop.name),), table, (column,))
    for relation in obj.relationships or ():
        ends = [split(end) for end in as_list(relation.to)]
        columns = tuple(split(start)[1] for start in as_list(relation.from_))
        yield Reference(columns, ends[0][0], tuple(column for _, column in ends))


def _column(prop: SchemaProperty) -> Column:
    options = prop.logicalTypeOptions or {}
    words = custom(prop.customProperties)
    return Column(
        name=str(prop.name),
        physical_type=str(prop.physicalType),
        description=prop.description or "",
        required=bool(prop.required),
        key_position=prop.primaryKeyPosition if prop.primaryKey else None,
        minimum=_decimal(options.get("minimum")),
        maximum=_decimal(options.get("maximum")),
        max_length=options.get("maxLength"),
        pattern=options.get("pattern"),
        allowed=_allowed(prop.quality),
        classification=prop.classification or "internal",
        example=_written(prop.examples[0]) if prop.examples else None,
        unit=words.get("unit"),
        labels=words.get("labels", {}),
    )


def _written(value: object) -> str:
    """Return an example as the contract writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _allowed(quality: list[DataQuality] | None) -> tuple[str, ...]:
    for rule in quality or ():
        if rule.metric == "invalidValues":
            return tuple(str(v) for v in (rule.arguments or {}).get("validValues", ()))
    return ()


def _promises(quality: list[DataQuality] | None, *, column: str | None) -> Iterator[Promise]:
    for rule in quality or ():
        if rule.metric in ("rowCount", "nullValues"):
            lower = rule.mustBeGreaterOrEqualTo
            upper = rule.mustBeLessOrEqualTo
            yield Promise(
                metric=rule.metric,
                column=column,
                lower=None if lower is None else float(lower),
                upper=None if upper is None else float(upper),
                severity=Severity.WARN if rule.severity == "warning" else Severity.FAIL,
                reason=rule.description or "",
            )


def parse_overlap(text: str) -> timedelta:
    """Parse an ISO 8601 duration of days or hours such as P2D or PT6H; ValueError otherwise."""
    if text.startswith("PT") and text.endswith("H"):
        return timedelta(hours=int(text[2:-1]))
    if text.startswith("P") and text.endswith("D"):
        return timedelta(days=int(text[1:-1]))
    raise ValueError(f"{text!r} is not a duration like P2D or PT6H")
