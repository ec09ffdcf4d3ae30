"""What a reader must be told of every column: meaning, example, unit and labels."""

from collections.abc import Iterator
from typing import Any

from daymart.contracts.positions import Found, Step

LANGUAGES = ("en", "ru", "uk")


def missing_words(document: dict[str, Any]) -> Iterator[Found]:
    """Yield every column that lacks its description, example, labels or unit."""
    for index, table in enumerate(document.get("schema") or ()):
        for position, column in enumerate(table.get("properties") or ()):
            yield from _of_column(("schema", index, "properties", position), column)


def _of_column(at: tuple[Step, ...], column: dict[str, Any]) -> Iterator[Found]:
    name = column.get("name")
    if not column.get("description"):
        yield at, f"column {name!r} has no description", "Say in one sentence what it holds."
    if not column.get("examples"):
        yield at, f"column {name!r} has no example", "Give one value as the source sends it."
    told = {p.get("property"): p.get("value") for p in column.get("customProperties") or ()}
    labels = told.get("labels")
    given = labels if isinstance(labels, dict) else {}
    missing = [language for language in LANGUAGES if not given.get(language)]
    if missing:
        yield (
            at,
            f"column {name!r} has no label in {', '.join(missing)}",
            "Add property: labels with {en: …, ru: …, uk: …}, the words at the head of the column.",
        )
    if column.get("logicalType") == "number" and not told.get("unit"):
        yield (
            at,
            f"number {name!r} has no unit",
            "Add property: unit, the unit's name or the column that holds it.",
        )
