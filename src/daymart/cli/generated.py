"""Keep files that follow from others: write what is stale, or tell that it is."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from daymart.cli.output import say
from daymart.errors import ConfigError


def bring_up_to_date(
    home: Path, wanted: Mapping[Path, str], folder: Path, command: str, *, check_only: bool
) -> None:
    """Write stale files and remove pages of `folder` that nothing asks for.

    With `check_only` it writes nothing and raises ConfigError that names them.
    """
    gone = sorted({p.relative_to(home) for p in (home / folder).glob("*.md")} - wanted.keys())
    stale = [path for path, text in wanted.items() if _current(home / path) != text]
    if not stale and not gone:
        say(f"{len(wanted)} files are up to date")
    elif check_only:
        raise ConfigError(
            ", ".join(str(path) for path in [*stale, *gone]),
            saw="it does not follow from what it is generated from",
            remedy=f"Run: {command}",
        )
    else:
        _write(home, {path: wanted[path] for path in stale}, gone)


def _current(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _write(home: Path, stale: Mapping[Path, str], gone: Iterable[Path]) -> None:
    for path, text in stale.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(text, encoding="utf-8")
        say(f"wrote {path}")
    for path in gone:
        (home / path).unlink()
        say(f"removed {path}")
