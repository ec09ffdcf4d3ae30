"""Read the next batch while the last one is being written: two cores, flat memory."""

import queue
import threading
from collections.abc import Iterator
from typing import TypeVar

Item = TypeVar("Item")

DEPTH = 2
"""Batches that may wait; more would only cost memory."""


class _End:
    """The reader's last word: the end of the stream, or why it broke."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def read_ahead(items: Iterator[Item]) -> Iterator[Item]:
    """Yield `items` in their order while a thread fetches the next ones.

    An error of the reader is raised here, after what came before it. When the consumer stops
    early, the thread ends with the item it is at.
    """
    waiting: queue.Queue[Item | _End] = queue.Queue(DEPTH)
    stopped = threading.Event()

    def fetch() -> None:
        error: BaseException | None = None
        try:
            for item in items:
                if not _put(waiting, item, stopped):
                    return
        except BaseException as broken:  # noqa: BLE001  # raised again by the consumer
            error = broken
        _put(waiting, _End(error), stopped)

    reader = threading.Thread(target=fetch, name="read-ahead", daemon=True)
    reader.start()
    try:
        while not isinstance(item := waiting.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        stopped.set()
        reader.join()


def _put(waiting: "queue.Queue[Item | _End]", item: Item | _End, stopped: threading.Event) -> bool:
    """Wait for room unless the consumer has gone; tell whether the item was taken."""
    while not stopped.is_set():
        try:
            waiting.put(item, timeout=0.1)
        except queue.Full:
            continue
        return True
    return False
