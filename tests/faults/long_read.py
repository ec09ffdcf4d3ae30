"""Fetch the entity set of the service at URL; print its rows and this process's peak in MB.

Mapping is left out: what DuckDB may take has a limit of its own.
"""

import resource
import sys
import tempfile
from datetime import date
from pathlib import Path

from daymart.connections import parse_connection
from daymart.settings import EntitySet, OData
from daymart.sources.odata import ODataSource
from daymart.sources.protocol import ReadParams
from daymart.sources.remote import RemoteTransport


def main(url: str) -> str:
    """Read from the first page to the last batch."""
    host, _, path = url.removeprefix("http://").partition("/")
    connection = parse_connection("base", f"http://{host}/?base_path={path}")
    settings = OData(entities={"things": EntitySet(set="Things", page_size=500)})
    source = ODataSource("long", connection, {}, settings)
    with tempfile.TemporaryDirectory() as folder:
        reader = RemoteTransport(source.service(), Path(folder)).fetch(
            "things", ReadParams(date.today())
        )
        rows = sum(len(batch) for batch in reader)
    return f"{rows} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}"


print(main(sys.argv[1]))
