-- How logistics says what the ERP says, and what it remembers of the files it left: the latest
-- file of each row, and the row's hash in it.
create table if not exists erp.logistics_sent (
    file text not null,
    key text not null,
    hash text not null,
    day date not null,
    primary key (file, key)
);

create or replace function pg_temp.moment(instant timestamptz) returns text
language sql stable
return to_char(instant at time zone 'UTC', 'DD.MM.YYYY HH24:MI:SS');

create or replace function pg_temp.qty(number numeric) returns text
language sql immutable return replace(trim_scale(number)::text, '.', ',');

create or replace function pg_temp.yes(truth boolean) returns text
language sql immutable return case when truth then 'да' when not truth then 'нет' end;
