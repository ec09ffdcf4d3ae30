-- What changed in figures that readers had already seen. Safe to run again.

set local role daymart_publisher;

create table if not exists published.restatement (
    publication_id bigint not null,
    mart text not null,
    key_values jsonb not null,
    measure text not null,
    business_on date not null,
    old_value numeric,
    new_value numeric,
    document_number text,
    source_system text,
    source_id text,
    manager_id text,
    primary key (publication_id, mart, key_values, measure, business_on)
);
-- A row whose day moved is told on both days.
do $$
begin
    if not exists (
        select from pg_index as i
        inner join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
        where i.indrelid = 'published.restatement'::regclass and i.indisprimary
            and a.attname = 'business_on'
    ) then
        alter table published.restatement drop constraint restatement_pkey;
        alter table published.restatement
            add primary key (publication_id, mart, key_values, measure, business_on);
    end if;
end;
$$;
comment on table published.restatement is
    'Figures of days already published that a later publication shows differently.';

create or replace view marts.restatement with (security_invoker = true) as
select
    r.publication_id, r.mart, r.key_values, r.measure, r.business_on, r.old_value, r.new_value,
    coalesce(r.new_value, 0) - coalesce(r.old_value, 0) as difference,
    case
        when r.old_value is null then 'added'
        when r.new_value is null then 'removed'
        else 'changed'
    end as what_happened,
    r.document_number, r.source_system, r.source_id, p.as_of as data_as_of, p.published_at,
    m.owner_id, m.deputy_id
from published.restatement as r
inner join ops.publication as p using (publication_id)
inner join ops.publication_mart as m using (publication_id, mart);
comment on view marts.restatement is
    'What changed in figures you have already seen: one row per publication, row of a mart, measure and'
    ' day; a row that moved to another day is removed from the one and added to the other.';
comment on column marts.restatement.publication_id is 'The publication that brought the change.';
comment on column marts.restatement.mart is 'The table whose figure changed.';
comment on column marts.restatement.key_values is 'Which row of that table.';
comment on column marts.restatement.measure is 'Which column of it.';
comment on column marts.restatement.business_on is 'The day the figure belongs to.';
comment on column marts.restatement.old_value is 'What was shown before; empty: no such row on that day.';
comment on column marts.restatement.new_value is 'What is shown now; empty: the row is gone from that day.';
comment on column marts.restatement.difference is 'Now less before.';
comment on column marts.restatement.what_happened is 'added, changed or removed.';
comment on column marts.restatement.document_number is 'The paper the figure came from.';
comment on column marts.restatement.source_system is 'The system that paper lies in.';
comment on column marts.restatement.source_id is 'The paper in that system.';
comment on column marts.restatement.data_as_of is 'The evening of the publication.';
comment on column marts.restatement.published_at is 'When readers began to see the change.';
comment on column marts.restatement.owner_id is 'Who answers for the table.';
comment on column marts.restatement.deputy_id is 'Who stands in for them.';

grant select on published.restatement, marts.restatement to daymart_reader, daymart_seller;
alter table published.restatement enable row level security;
alter table published.restatement force row level security;
do $$
begin
    if not exists (
        select from pg_policy where polrelid = 'published.restatement'::regclass
    ) then
        create policy publishing on published.restatement to daymart_publisher
            using (true) with check (true);
        create policy reading on published.restatement for select to daymart_reader using (true);
        create policy own_customers on published.restatement for select to daymart_seller using (
            manager_id is null
            or manager_id = nullif(current_setting('daymart.employee_id', true), '')
        );
    end if;
end
$$;

reset role;
