"""What must survive every publication: identities, rights, row security, comments, definitions."""

from daymart.warehouse.connect import Warehouse

RIGHTS = """
select c.oid, c.oid::regclass::text, c.relacl::text, c.relrowsecurity, c.relforcerowsecurity,
    c.reloptions::text, pg_get_userbyid(c.relowner), obj_description(c.oid),
    (select string_agg(attname || coalesce(attacl::text, '') || format_type(atttypid, atttypmod)
        || coalesce(col_description(attrelid, attnum), ''), ',' order by attnum)
        from pg_attribute where attrelid = c.oid and attnum > 0),
    case when c.relkind = 'v' then pg_get_viewdef(c.oid) end
from pg_class as c
where c.relnamespace in ('marts'::regnamespace, 'published'::regnamespace,
    'published_history'::regnamespace, 'bi'::regnamespace)
union all
select p.oid, p.oid::regprocedure::text, p.proacl::text, p.prosecdef, p.proisstrict,
    p.proconfig::text, pg_get_userbyid(p.proowner), null, null, p.prosrc
from pg_proc as p where p.pronamespace = 'marts'::regnamespace
union all
select 0, tablename || '.' || policyname, roles::text, permissive = 'PERMISSIVE', null, cmd, null,
    null, qual, with_check
from pg_policies
order by 2, 1
"""


def prepare_bi(warehouse: Warehouse) -> None:
    """Let a BI tool stand on the marts: a view of its own, and one more grant."""
    with warehouse.session(None) as session:
        session.execute("create schema bi authorization daymart_reader")
        session.execute("set role daymart_reader")
        session.execute("create view bi.stock as select * from marts.stock_availability")
        session.execute("reset role")
        session.execute("grant select on marts.stock_availability to pg_monitor")
