"""Progress of long work: a bar on a terminal, plain lines elsewhere, nothing for scripts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from daymart.cli.output import console, say

Step = Callable[[str], None]
Told = Callable[[str, int, int | None], None]


@contextmanager
def steps(*, quiet: bool) -> Iterator[Step]:
    """Show which step is under way."""
    if quiet:
        yield lambda text: None
    elif console.is_terminal:
        with console.status("") as spinner:
            yield spinner.update
    else:
        yield say


@contextmanager
def reading(feed: str, *, quiet: bool) -> Iterator[Told]:
    """Show how far each table of a feed is."""
    if quiet:
        yield lambda table, rows, total: None
    elif console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bars:
            yield _Bars(bars, feed)
    else:
        say(f"{feed}: reading")
        yield lambda table, rows, total: None


class _Bars:
    """One bar per table, made when its first rows come."""

    def __init__(self, bars: Progress, feed: str) -> None:
        self._bars = bars
        self._feed = feed
        self._known: dict[str, int] = {}

    def __call__(self, table: str, rows: int, total: int | None) -> None:
        if table not in self._known:
            name = f"{self._feed}: {table}"
            self._known[table] = int(self._bars.add_task(name, total=total))
        self._bars.update(self._bars.tasks[self._known[table]].id, completed=rows)
