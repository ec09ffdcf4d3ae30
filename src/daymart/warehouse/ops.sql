-- The fixed part of the warehouse: schemas, roles' rights and the ledger. Safe to run again.

create schema if not exists landing;
create schema if not exists raw;
create schema if not exists raw_history;
create schema if not exists quarantine;
create schema if not exists ops;
create schema if not exists staging;
create schema if not exists intermediate;
create schema if not exists candidate;
create schema if not exists published;
create schema if not exists published_history;
create schema if not exists marts;

comment on schema landing is 'Deliveries on their way in; dropped when accepted or refused.';
comment on schema raw is 'Current rows of every feed, one table per contract table.';
comment on schema raw_history is 'Versions of raw rows that were superseded or deleted.';
comment on schema quarantine is 'Rows held back, each with its reasons.';
comment on schema ops is 'Ledger, checks, publications, owners, calendar.';
comment on schema candidate is 'Marts being built; nobody reads them but the audit.';
comment on schema published is 'Marts as published; read them through schema marts.';
comment on schema published_history is 'Rows of earlier publications.';
comment on schema marts is 'What sellers and BI tools read.';

create table if not exists ops.feed (
    feed_id text primary key,
    department text not null,
    owner_id text not null,
    deputy_id text not null,
    head_id text not null,
    channel text not null,
    schedule text not null,
    deadline_time time not null,
    tz text not null,
    calendar_id text not null,
    valid_from date not null default current_date
);
comment on table ops.feed is
    'Who answers for each feed that is bound to a system and when it is due; from the contracts.';

create table if not exists ops.calendar (
    calendar_id text not null,
    day date not null,
    is_working boolean not null,
    primary key (calendar_id, day)
);
comment on table ops.calendar is 'Business calendars; from daymart.yaml.';

create table if not exists ops.lease (
    name text primary key,
    token bigint not null,
    holder text not null,
    backend_pid integer not null,
    since timestamptz not null,
    heartbeat_at timestamptz not null
);
comment on table ops.lease is 'Who may write what right now; the token fences off earlier holders.';

create sequence if not exists ops.lease_token;

create table if not exists ops.load (
    load_id bigint generated always as identity primary key,
    feed_id text not null,
    source_system text not null,
    as_of date not null,
    state text not null
        check (state in ('pulling', 'landed', 'accepted', 'refused', 'failed', 'superseded')),
    holder text not null,
    reason text,
    started_at timestamptz not null default clock_timestamp(),
    landed_at timestamptz,
    accepted_at timestamptz,
    read_rows bigint,
    quarantined_rows bigint
);
create index if not exists load_feed on ops.load (feed_id, source_system, as_of, load_id);
comment on table ops.load is 'The ledger: one row per delivery of a feed.';

create table if not exists ops.load_table (
    load_id bigint not null references ops.load,
    table_name text not null,
    is_provided boolean not null default true,
    since timestamptz,
    cursor_to timestamptz,
    source_rows bigint,
    source_control numeric,
    landed_control numeric,
    read_rows bigint not null default 0,
    new_rows bigint not null default 0,
    changed_rows bigint not null default 0,
    unchanged_rows bigint not null default 0,
    quarantined_rows bigint not null default 0,
    deleted_rows bigint not null default 0,
    extra_columns text[] not null default '{}',
    seconds numeric,
    superseded_rows bigint not null default 0,
    primary key (load_id, table_name)
);
alter table ops.load_table add column if not exists superseded_rows bigint not null default 0;
-- Written anew each time, so that warehouses from before superseded_rows get the whole equation.
alter table ops.load_table drop constraint if exists every_row_accounted_for;
alter table ops.load_table add constraint every_row_accounted_for
    check (
        read_rows
        = new_rows + changed_rows + unchanged_rows + superseded_rows + quarantined_rows
        or (new_rows = 0 and changed_rows = 0 and unchanged_rows = 0 and superseded_rows = 0)
    ) not valid;
comment on table ops.load_table is
    'Counts per table of a load: read = new + changed + unchanged + superseded + quarantined.';
comment on column ops.load_table.superseded_rows is
    'Rows of file feeds that a newer file had overtaken when they came; they are in raw_history.';

create table if not exists ops.load_file (
    load_id bigint not null references ops.load,
    table_name text not null,
    file_name text not null,
    business_date date not null,
    state text not null
        check (state in ('taken', 'duplicate', 'overtaken', 'missing', 'failed')),
    is_daily boolean not null,
    sha256 text,
    bytes bigint,
    modified_at timestamptz,
    version text,
    rows bigint,
    reason text,
    primary key (load_id, table_name, file_name)
);
alter table ops.load_file add column if not exists promised_rows bigint;
alter table ops.load_file add column if not exists sent_at timestamptz;
create index if not exists load_file_name on ops.load_file (table_name, file_name, load_id);
comment on table ops.load_file is
    'Files of drop folders: taken, or left with the reason; table_name may be a mapped entity.';

create table if not exists ops.tombstone (
    table_name text not null,
    source_system text not null,
    key_values jsonb not null,
    version text collate "C" not null,
    load_id bigint not null,
    primary key (table_name, source_system, key_values)
);
comment on table ops.tombstone is
    'Keys that files deleted, and how new that was: an older file must not revive them.';

create table if not exists ops.publication (
    publication_id bigint generated always as identity primary key,
    as_of date not null,
    kind text not null default 'morning' check (kind in ('morning', 'rollback')),
    state text not null check (state in ('building', 'built', 'audited', 'published', 'held')),
    of_publication_id bigint references ops.publication,
    holder text not null,
    reason text,
    run_at timestamptz not null,
    built_at timestamptz,
    published_at timestamptz
);
alter table ops.publication add column if not exists definitions text;
alter table ops.publication add column if not exists is_whole boolean not null default true;
comment on column ops.publication.definitions is
    'Hash of the SQL, seeds, calendars and settings behind the marts.';
comment on column ops.publication.is_whole is
    'Whether everything was built, or what deliveries touched since the last publication.';
comment on table ops.publication is 'One row per morning, published or held back with the reason.';

create table if not exists ops.publication_load (
    publication_id bigint not null references ops.publication,
    load_id bigint not null references ops.load,
    primary key (publication_id, load_id)
);
comment on table ops.publication_load is 'Which deliveries a publication was built from.';

create table if not exists ops.build_result (
    publication_id bigint not null references ops.publication,
    node_id text not null,
    resource_type text not null,
    status text not null,
    message text,
    seconds numeric,
    primary key (publication_id, node_id)
);
comment on table ops.build_result is 'What dbt says of every model and test it ran.';

create table if not exists ops.mart_definition (
    publication_id bigint not null references ops.publication,
    mart text not null,
    node_id text not null,
    key_columns text[] not null,
    view_columns jsonb not null,
    feeds text[] not null,
    promise_time time not null,
    owner_id text not null,
    deputy_id text not null,
    restated jsonb,
    touched jsonb,
    primary key (publication_id, mart)
);
alter table ops.mart_definition add column if not exists restated jsonb;
alter table ops.mart_definition add column if not exists touched jsonb;
comment on table ops.mart_definition is
    'What each mart of a publication is: key, feeds it needs, promise and owner; from dbt.';

create table if not exists ops.check_result (
    check_result_id bigint generated always as identity primary key,
    load_id bigint references ops.load,
    publication_id bigint references ops.publication,
    check_id text not null,
    subject text not null,
    severity text not null check (severity in ('fail', 'warn')),
    verdict text not null check (verdict in ('passed', 'failed', 'warned')),
    left_value numeric,
    right_value numeric,
    difference numeric,
    tolerance numeric,
    owner_id text not null,
    remedy text not null,
    detail jsonb not null default '{}',
    checked_at timestamptz not null default clock_timestamp(),
    check (num_nonnulls(load_id, publication_id) = 1)
);
create index if not exists check_result_load on ops.check_result (load_id);
create index if not exists check_result_publication on ops.check_result (publication_id);
comment on table ops.check_result is
    'Every verdict of Great Expectations; publication is gated on these rows.';

create table if not exists ops.publication_mart (
    publication_id bigint not null references ops.publication,
    mart text not null,
    rows_total bigint not null,
    inserted_rows bigint not null,
    updated_rows bigint not null,
    deleted_rows bigint not null,
    data_as_of date,
    promised_by timestamptz not null,
    due_from timestamptz not null,
    stale_from timestamptz not null,
    owner_id text not null,
    deputy_id text not null,
    primary key (publication_id, mart)
);
comment on table ops.publication_mart is
    'What each publication changed in each mart, how fresh it was and who answered for it.';

create table if not exists ops.mart_state (
    mart text primary key,
    publication_id bigint not null references ops.publication,
    data_as_of date,
    promised_by timestamptz not null,
    due_from timestamptz not null,
    stale_from timestamptz not null,
    stale_reason text,
    owner_id text not null,
    deputy_id text not null
);
alter table ops.mart_state add column if not exists as_of date;
update ops.mart_state as s set as_of = p.as_of
from ops.publication as p where p.publication_id = s.publication_id and s.as_of is null;
comment on table ops.mart_state is
    'What the readers'' views show beside every row: publication, freshness, owner.';

create table if not exists quarantine.reject (
    reject_id bigint generated always as identity primary key,
    load_id bigint not null references ops.load,
    feed_id text not null,
    table_name text not null,
    source_system text not null,
    source_id text,
    key_values jsonb not null,
    file_name text,
    row_no bigint,
    violations jsonb not null,
    row_values jsonb not null,
    version text,
    state text not null default 'open' check (state in ('open', 'replayed', 'superseded')),
    rejected_at timestamptz not null default clock_timestamp(),
    closed_at timestamptz,
    closed_by text
);
alter table quarantine.reject add column if not exists version text;
create index if not exists reject_open
    on quarantine.reject (source_system, table_name) where state = 'open';
comment on table quarantine.reject is
    'Rows held back: where they stood, which rules they broke, their values as read.';

-- A large first fill goes faster into a table without its key, sorted once at the end. Only an
-- empty table loses its key, and only until the end of the transaction that fills it.
create or replace function ops.suspend_key(raw_table text) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
    is_filled boolean;
    key_name text;
begin
    execute format('lock table raw.%I in access exclusive mode', raw_table);
    execute format('select exists (select from raw.%I)', raw_table) into is_filled;
    select conname into key_name from pg_constraint
    where conrelid = format('raw.%I', raw_table)::regclass and contype = 'p';
    if is_filled or key_name is null then
        return false;
    end if;
    execute format('alter table raw.%I drop constraint %I', raw_table, key_name);
    return true;
end
$$;
create or replace function ops.restore_key(raw_table text, key_columns text[]) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    execute format(
        'alter table raw.%I add primary key (%s)', raw_table,
        (select string_agg(format('%I', c), ', ' order by n)
         from unnest(key_columns) with ordinality as k (c, n))
    );
end
$$;
revoke all on function ops.suspend_key(text), ops.restore_key(text, text[]) from public;
