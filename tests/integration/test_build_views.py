"""The views of the last build go in one statement before dbt makes them anew."""

from daymart.build.views import drop_views
from daymart.warehouse.connect import Role
from tests.conftest import Databases, rows, warehouse_at

VIEWS = "select count(*) from pg_views where schemaname in ('staging', 'intermediate')"
TABLES = "select schemaname, tablename from pg_tables where schemaname !~ '^pg_' order by 1, 2"


def test_views_of_the_last_build_go_and_every_table_stays(
    databases: Databases, published_template: str
) -> None:
    uri = databases.create(published_template)
    warehouse = warehouse_at(uri)
    tables = rows(warehouse, TABLES)
    assert rows(warehouse, VIEWS)[0][0] > 50
    shown = rows(warehouse, "select count(*) from marts.stock_availability")
    with warehouse.session(Role.TRANSFORMER) as session:
        # A model that was renamed left its view behind.
        session.execute("create view staging.of_a_former_name as select 1 as figure")
        drop_views(session)
        drop_views(session)
    assert rows(warehouse, VIEWS) == [(0,)]
    assert rows(warehouse, TABLES) == tables
    assert rows(warehouse, "select count(*) from marts.stock_availability") == shown
    databases.drop(uri)
