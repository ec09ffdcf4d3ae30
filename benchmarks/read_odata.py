"""Reading an entity set of an OData service: URL -> rows, seconds and peak memory, as JSON."""

import json
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from measure import peak_mb

from daymart.connections import parse_connection
from daymart.settings import EntitySet, OData
from daymart.sources.odata import ODataSource
from daymart.sources.protocol import ReadParams
from daymart.sources.remote import RemoteTransport


def main(url: str) -> dict[str, float]:
    """Fetch every page, counts and keys checked, as a load does before it maps."""
    host, _, path = url.removeprefix("http://").partition("/")
    connection = parse_connection("bench", f"http://demo:demo@{host}/?base_path={path}")
    settings = OData(entities={"rows": EntitySet(set="Catalog_Rows", page_size=2000)})
    source = ODataSource("bench", connection, {}, settings)
    with tempfile.TemporaryDirectory() as folder:
        begin = time.monotonic()
        transport = RemoteTransport(source.service(), Path(folder))
        imported = time.monotonic()
        reader = transport.fetch("rows", ReadParams(date(2026, 11, 20)))
        rows = sum(len(batch) for batch in reader)
        return {
            "rows": rows,
            "seconds": time.monotonic() - imported,
            "import": imported - begin,
            "peak_mb": peak_mb(),
        }


print(json.dumps(main(*sys.argv[1:])))
