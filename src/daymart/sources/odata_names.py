"""What an OData service says of itself: its entity sets and their fields."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from daymart.errors import SourceError
from daymart.sources.answers import Answer

COLLECTION = "Collection("


@dataclass
class Metadata:
    """Types and their fields, by the last part of their names."""

    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)

    def columns(self, entity_set: str, part: str = "") -> tuple[str, ...]:
        """Return the fields of a set, or of one of its lists; empty where it says nothing."""
        fields = self.fields.get(self.types.get(entity_set, entity_set), {})
        if not part:
            return tuple(n for n, kind in fields.items() if not kind.startswith(COLLECTION))
        inner = _last(fields.get(part, "").removeprefix(COLLECTION).removesuffix(")"))
        return tuple(self.fields.get(inner, {}))


def read_metadata(answer: Answer) -> Metadata:
    """Read `$metadata`; SourceError when it is none."""
    answer.refuse_web_page()
    found = Metadata()
    try:
        for element in _elements(answer.body):
            _note(element, found)
    except ElementTree.ParseError as broken:
        raise SourceError(
            answer.what,
            saw=f"no XML: {broken}",
            expected="the service's $metadata",
            remedy="Name the fields in select, so that $metadata is not needed.",
        ) from broken
    return found


def _elements(body: bytes) -> Iterator[ElementTree.Element]:
    """Yield types and sets as they end, and forget them: the document of a 1C base is long."""
    for _, element in ElementTree.iterparse(io.BytesIO(body)):  # noqa: S314 - expat has its limits
        if _tag(element) in ("EntityType", "ComplexType", "EntitySet"):
            yield element
            element.clear()


def _note(element: ElementTree.Element, found: Metadata) -> None:
    name = element.get("Name", "")
    if _tag(element) == "EntitySet":
        found.types[name] = _last(element.get("EntityType", ""))
        return
    found.fields[name] = {
        child.get("Name", ""): child.get("Type", "")
        for child in element
        if _tag(child) == "Property"
    }


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def read_sets(answer: Answer) -> list[str]:
    """Return the entity sets a service document names."""
    document: Any = answer.json()
    listed = document.get("value") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        return []
    return [str(item.get("name") or item.get("url")) for item in listed if isinstance(item, dict)]
