"""Close an evening in every department that keeps its data in a place of its own."""

import shutil
from datetime import date
from pathlib import Path

from daymart.connections import variable_of, write_local_connections
from daymart.demo.departments.crm import keep_crm
from daymart.demo.departments.crm_service import start_crm
from daymart.demo.departments.logistics import keep_logistics
from daymart.demo.departments.wms import keep_warehouse
from daymart.demo.departments.workbooks import keep_purchasing
from daymart.demo.local import LocalPostgres

CRM = "demo_crm"
"""The Airflow connection of the CRM's service."""


def close_evening(home: Path, postgres: LocalPostgres, evening: date) -> None:
    """Write what each department knows on an evening: its database, workbooks, files, service."""
    erp = postgres.uri("demo_erp")
    keep_warehouse(erp, postgres.uri("demo_wms"), evening)
    keep_purchasing(erp, _drops(home) / "purchasing", evening)
    keep_logistics(erp, _drops(home) / "logistics", evening)
    keep_crm(erp)
    open_crm(home, postgres)


def open_crm(home: Path, postgres: LocalPostgres) -> None:
    """Start the CRM's service, or find it running, and note how it is reached."""
    service = start_crm(home, postgres.uri("demo_erp"))
    write_local_connections(home, {variable_of(CRM): service.connection})


def forget(home: Path) -> None:
    """Empty the folders in which departments left files."""
    shutil.rmtree(_drops(home), ignore_errors=True)


def _drops(home: Path) -> Path:
    return home / ".daymart" / "drops"
