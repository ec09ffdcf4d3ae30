"""A drop folder, on this machine or far away: list, look and fetch through fsspec."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import fsspec  # type: ignore[import-untyped]
from fsspec.implementations.local import LocalFileSystem  # type: ignore[import-untyped]

from daymart.connections import Connection
from daymart.errors import ConfigError, ContractError, SourceError, SourceUnavailable
from daymart.sources.file_format import raise_limit

_CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Entry:
    """A file as it lies in a folder; `name` is its path below the folder."""

    name: str
    path: str
    size: int
    modified: datetime

    @property
    def shown(self) -> str:
        """The name as no terminal or log obeys it."""
        return printable(self.name)


@dataclass(frozen=True)
class Fetched:
    """A file's content on this machine, and its hash."""

    entry: Entry
    path: Path
    sha256: str


def printable(name: str) -> str:
    """Write a file's name so that no terminal or log obeys what stands in it."""
    return name if name.isprintable() else repr(name)[1:-1]


class Folder:
    """One drop folder. Errors of a far one name its host, never a password."""

    def __init__(self, location: str | Path, connection: Connection | None = None) -> None:
        self._location = str(location)
        self._connection = connection
        self._is_remote = "://" in self._location and not self._location.startswith("file://")
        self._opened: tuple[Any, str] | None = None

    @property
    def label(self) -> str:
        """Name the folder without user and password."""
        if not self._is_remote:
            return f"{Path(self._location).name}/"
        parts = urlsplit(self._location)
        return f"{parts.scheme}://{parts.hostname or self._host}{parts.path}"

    def entries(self, depth: int | None) -> list[Entry]:
        """List the files, `depth` folders deep; SourceUnavailable when it cannot be asked."""
        with self._answering():
            system, root = self._system()
            # Unasked, fsspec takes a folder it cannot list for an empty one.
            strict = {} if self._is_store else {"on_error": "raise"}
            found = system.find(root, maxdepth=depth, withdirs=False, detail=True, **strict)
            start = len(root.rstrip("/")) + 1
            return [
                self._entry(path[start:], path, info)
                for path, info in found.items()
                if info["type"] == "file" or (info.get("islink") and system.isfile(path))
            ]

    def look(self, entry: Entry) -> Entry | None:
        """Look at a file again; None when it is gone."""
        with self._answering():
            system, _ = self._system()
            try:
                return self._entry(entry.name, entry.path, system.info(entry.path))
            except FileNotFoundError:
                return None

    def fetch(self, entry: Entry, spool: Path, what: str, max_bytes: int) -> Fetched:
        """Hash a file; one that lies far away is copied into `spool` at the same time.

        Raises ContractError for one larger than `max_bytes`, SourceUnavailable for one that cannot
        be fetched or that changes meanwhile.
        """
        if entry.size > max_bytes:
            raise _too_large(what, entry.size, max_bytes)
        if self._is_remote:
            target = spool / f"{len(list(spool.iterdir()))}_{Path(entry.name).name[-80:]}"
            with self._answering(), target.open("wb") as copy:
                sha256 = self._copy(entry, copy, what, max_bytes)
        else:
            target = Path(entry.path)
            sha256 = _hash_of(target, what)
        again = self.look(entry)
        if again is None or (again.size, again.modified) != (entry.size, entry.modified):
            raise SourceUnavailable(
                what,
                saw="the file changed while being looked at",
                expected="a finished file",
                remedy="It is read again later.",
            )
        return Fetched(entry, target, sha256)

    def read_small(self, name: str, limit: int) -> bytes | None:
        """Return the first `limit` bytes of a small file below the folder; None without one."""
        with self._answering():
            system, root = self._system()
            try:
                with system.open(f"{root.rstrip('/')}/{name}", "rb") as stream:
                    content: bytes = stream.read(limit)
            except FileNotFoundError:
                return None
            return content

    def _copy(self, entry: Entry, copy: Any, what: str, max_bytes: int) -> str:
        system, _ = self._system()
        digest, total = hashlib.sha256(), 0
        with system.open(entry.path, "rb") as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                total += len(chunk)
                if total > max_bytes:
                    raise _too_large(what, total, max_bytes)
                digest.update(chunk)
                copy.write(chunk)
        return digest.hexdigest()

    def _entry(self, name: str, path: str, info: dict[str, Any]) -> Entry:
        return Entry(name, path, int(info["size"] or 0), self._modified(path, info))

    def _modified(self, path: str, info: dict[str, Any]) -> datetime:
        moment = info.get("mtime") or info.get("LastModified") or info.get("last_modified")
        if moment is None:
            system, _ = self._system()
            moment = system.modified(path)
        if isinstance(moment, int | float):
            return datetime.fromtimestamp(moment, UTC)
        found: datetime = moment
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    @property
    def _is_store(self) -> bool:
        """Tell an object store, where a folder is but the beginning of names."""
        return self._is_remote and not self._location.startswith(("sftp://", "ssh://"))

    @property
    def _host(self) -> str:
        return self._connection.host if self._connection else ""

    def _system(self) -> tuple[Any, str]:
        """Open the file system once; listings are never remembered."""
        if self._opened is None:
            if not self._is_remote:
                root = str(Path(self._location.removeprefix("file://")).absolute())
                self._opened = LocalFileSystem(), root
            else:
                self._opened = _open_remote(self._location, self._connection)
        return self._opened

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Turn what a file system says into an error that names the folder only.

        The reason is given by its kind: the text of a driver's error may hold what was sent.
        """
        try:
            yield
        except OSError as error:
            raise self._silent(error.strerror or type(error).__name__) from None
        except EOFError as error:
            raise self._silent(type(error).__name__) from None
        except Exception as error:
            if not type(error).__module__.startswith(("paramiko", "botocore", "aiohttp")):
                raise
            raise self._silent(type(error).__name__) from None

    def _silent(self, reason: str) -> SourceUnavailable | SourceError:
        if not self._is_remote:
            return SourceError(
                f"folder {self.label}",
                saw=f"it cannot be read ({reason})",
                expected="a readable folder",
                remedy="Check that it exists and that the loader's user may read it.",
            )
        self._opened = None
        return SourceUnavailable(
            f"folder {self.label}",
            saw=f"it does not answer ({reason})",
            remedy="Check host, log-in and key of the binding's connection; it is tried again.",
        )


def _open_remote(location: str, connection: Connection | None) -> tuple[Any, str]:
    scheme = urlsplit(location).scheme
    options = _options(scheme, location, connection)
    try:
        kind = fsspec.get_filesystem_class(scheme)
    except (ValueError, ImportError) as unknown:
        raise _no_driver(scheme) from unknown
    # An opened file system is this load's own: no listing or connection of an earlier one.
    own: dict[str, Any] = {} if scheme == "memory" else {"skip_instance_cache": True}
    if scheme not in ("sftp", "ssh"):
        own["use_listings_cache"] = False
    system = kind(**options, **own)
    return system, str(kind._strip_protocol(location))


def _no_driver(scheme: str) -> ConfigError:
    return ConfigError(
        f"folder {scheme}://",
        saw=f"no driver for {scheme}://",
        expected="a scheme of fsspec that is installed",
        remedy="For sftp: pip install daymart[sftp]; for s3: pip install s3fs.",
    )


def _options(scheme: str, location: str, connection: Connection | None) -> dict[str, Any]:
    """Return the log-in for a file system from the binding's Airflow connection."""
    host = urlsplit(location).hostname
    if scheme in ("sftp", "ssh"):
        try:
            from daymart.sources.sftp import sftp_options
        except ImportError as absent:
            raise _no_driver(scheme) from absent
        return sftp_options(host, urlsplit(location).port, connection)
    if connection is None:
        return {}
    if scheme in ("s3", "s3a"):
        options: dict[str, Any] = {"key": connection.login, "secret": connection.password}
        if endpoint := connection.extra.get("endpoint_url"):
            options["endpoint_url"] = endpoint
        return options
    given = {"host": host or connection.host, "port": connection.port,
             "username": connection.login, "password": connection.password}  # fmt: skip
    return {} if scheme == "memory" else {k: v for k, v in given.items() if v}


def _hash_of(path: Path, what: str) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise unreadable(what, error) from error


def unreadable(what: str, error: OSError) -> SourceError:
    """Say why a file on this machine cannot be read."""
    return SourceError(
        what,
        saw=f"the file cannot be read ({error.strerror or type(error).__name__})",
        expected="a readable file",
        remedy="Check that it exists and that the loader's user may read it.",
    )


def _too_large(what: str, size: int, max_bytes: int) -> ContractError:
    return ContractError(
        what,
        saw=f"the file has {size} bytes or more",
        expected=f"{max_bytes} at most",
        remedy=f"Ask the sender to split it. {raise_limit('max_bytes')}",
    )


def forget(spooled: Path) -> None:
    """Empty a spool folder between files, so that disk does not grow with their number."""
    shutil.rmtree(spooled, ignore_errors=True)
    spooled.mkdir(exist_ok=True)
