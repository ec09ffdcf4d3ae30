"""The CRM: a 1C base that is read through its OData service."""

from importlib.resources import files

import psycopg


def keep_crm(erp_dsn: str) -> None:
    """Show the ERP's leads and sellers' work as 1C's OData service does, in schema `odata`.

    They are views: what happens later in the ERP is seen at once. Serve them by
    `daymart.demo.odata_server`. A second call changes nothing.
    """
    with psycopg.connect(erp_dsn) as erp:
        erp.execute(files("daymart.demo.departments").joinpath("crm.sql").read_bytes())
