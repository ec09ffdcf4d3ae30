"""A small 1C base behind the demo's OData server: a CRM, in relations named as 1C names them."""

from urllib.parse import quote

import psycopg

from daymart.connections import Connection, parse_connection
from daymart.demo.odata_server import Service, sets_in
from daymart.settings import EntitySet, OData, Patience

NO_REF = "00000000-0000-0000-0000-000000000000"
NO_DATE = "0001-01-01T00:00:00"
QUICK = Patience(connect_s=2, read_s=2, total_s=10, attempts=3, first_wait_s=0, longest_wait_s=0)

BASE = f"""
create schema odata;
create function public.ref(kind text, n int) returns uuid immutable language sql
    return md5(kind || n)::uuid;

create table odata."Catalog_Пользователи" as
select public.ref('user', n) as "Ref_Key", 'E00' || n as "Code", 'Seller ' || n as "Description",
    false as "DeletionMark"
from generate_series(1, 3) as n;

create table odata."Catalog_Партнеры" as
select public.ref('partner', n) as "Ref_Key", 'C000' || n as "Code", false as "DeletionMark"
from generate_series(1, 5) as n;

create table odata."Catalog_Номенклатура" as
select public.ref('good', n) as "Ref_Key", 'P000' || n as "Code", false as "DeletionMark"
from generate_series(1, 2) as n;

create table odata."Catalog_Лиды" as
select public.ref('lead', n) as "Ref_Key", 'LD' || lpad(n::text, 4, '0') as "Code",
    'Лид «' || n || '»' as "Description", false as "DeletionMark",
    timestamp '2026-11-02 09:00' + n * interval '1 minute' as "ДатаСоздания",
    'выставка' as "Источник", public.ref('user', 1 + n % 3) as "Ответственный_Key",
    case when n % 2 = 0 then public.ref('partner', 1 + n % 5)
        else '{NO_REF}' end as "Партнер_Key"
from generate_series(1, 320) as n;

create table odata."Document_СтадияЛида" as
select public.ref('move', n) as "Ref_Key", 'SE' || lpad(n::text, 4, '0') as "Number",
    timestamp '2026-11-10 10:00' + n * interval '1 hour' as "Date", true as "Posted",
    false as "DeletionMark", public.ref('lead', n) as "Лид_Key", '' as "СтараяСтадия",
    'lead' as "НоваяСтадия", public.ref('user', 1) as "Ответственный_Key",
    (n * 1000 + 0.10)::numeric(18, 2) as "Сумма"
from generate_series(1, 40) as n;

create table odata."Document_ПередачаЛида" as
select public.ref('handoff', n) as "Ref_Key", 'HO' || n as "Number",
    timestamp '2026-11-12 10:00' as "Date", n < 3 as "Posted", false as "DeletionMark",
    public.ref('lead', n) as "Лид_Key", public.ref('user', 1) as "Передал_Key",
    public.ref('user', 2) as "Принял_Key",
    case when n = 1 then timestamp '2026-11-12 11:30' else '{NO_DATE}' end as "ДатаПринятия"
from generate_series(1, 3) as n;

create table odata."Document_Взаимодействие" as
select public.ref('activity', n) as "Ref_Key", 'AC' || n as "Number",
    timestamp '2026-11-13 10:00' as "Date", true as "Posted", n = 4 as "DeletionMark",
    case n when 3 then 'Телепатия' else 'Звонок' end as "Вид",
    timestamp '2026-11-13 12:00' as "ДатаПлан", timestamp '{NO_DATE}' as "ДатаФакт",
    public.ref('user', 1) as "Ответственный_Key", public.ref('partner', 1) as "Партнер_Key",
    '{NO_REF}'::uuid as "Лид_Key", 60 * n as "Длительность", 'перезвонить' as "Результат"
from generate_series(1, 4) as n;

create table odata."Document_НеудовлетворенныйСпрос" as
select public.ref('unmet', n) as "Ref_Key", 'UD' || n as "Number",
    timestamp '2026-11-13 10:00' as "Date", true as "Posted", false as "DeletionMark",
    public.ref('user', 2) as "Ответственный_Key", '{NO_REF}'::uuid as "Партнер_Key",
    case n when 1 then public.ref('good', 1) else public.ref('good', 77) end as "Номенклатура_Key",
    'гвозди 100' as "Описание", 12.500 as "Количество",
    case n when 1 then 'НетВНаличии' else 'Погода' end as "Причина", n = 1 as "Потерян"
from generate_series(1, 2) as n;
"""

CRM = OData(
    timezone="Europe/Kyiv",
    patience=QUICK,
    entities={
        "leads": EntitySet(set="Catalog_Лиды", page_size=50),
        "employees": EntitySet(set="Catalog_Пользователи", select=("Code",)),
        "customers": EntitySet(set="Catalog_Партнеры", select=("Code",)),
        "stage_moves": EntitySet(set="Document_СтадияЛида", changed="Date", page_size=7),
        "handoffs": EntitySet(set="Document_ПередачаЛида"),
        "activities": EntitySet(set="Document_Взаимодействие"),
        "products": EntitySet(set="Catalog_Номенклатура", select=("Code",)),
        "unmet": EntitySet(set="Document_НеудовлетворенныйСпрос"),
    },
)


def create_base(uri: str) -> None:
    """Fill an empty database."""
    with psycopg.connect(uri) as database:
        database.execute(BASE.encode())


def service_over(uri: str, most: int = 10_000) -> Service:
    """Return the base's service; `most` caps its pages."""
    return Service(uri, sets_in(uri, "odata"), login="Админ", password="s3cret-word", most=most)


def connection_uri(url: str, password: str = "s3cret-word") -> str:
    """Return the Airflow connection of a service on this machine, as a URI."""
    host, _, path = url.removeprefix("http://").partition("/")
    return f"http://{quote('Админ')}:{password}@{host}/?base_path={path}"


def connection_to(url: str, password: str = "s3cret-word") -> Connection:
    """Return the connection of a service on this machine."""
    return parse_connection("crm", connection_uri(url, password))
