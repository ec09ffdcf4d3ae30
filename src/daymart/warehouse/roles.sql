-- Least rights per stage. Needs CREATEROLE the first time; safe to run again.

do $$
declare
    name text;
begin
    foreach name in array array[
        'daymart_loader', 'daymart_transformer', 'daymart_publisher', 'daymart_reader',
        'daymart_seller'
    ] loop
        if not exists (select from pg_catalog.pg_roles where rolname = name) then
            begin
                execute format('create role %I nologin', name);
            exception when duplicate_object or unique_violation then
                null;  -- another warehouse of this server was installed at the same moment
            end;
        end if;
        if not pg_has_role(current_user, name, 'set') then
            execute format('grant %I to current_user', name);
        end if;
    end loop;
end
$$;

revoke create on schema public from public;

grant usage, create on schema landing to daymart_loader;
grant usage on schema raw, raw_history, quarantine, ops to daymart_loader;
grant select, insert, update, delete on all tables in schema raw, raw_history to daymart_loader;
grant select, insert, update, delete on all tables in schema quarantine to daymart_loader;
grant select on all tables in schema ops to daymart_loader;
grant insert, update on ops.load, ops.load_table, ops.lease, ops.tombstone to daymart_loader;
grant insert, delete on ops.load_file to daymart_loader;
grant delete on ops.lease to daymart_loader;
grant insert on ops.check_result to daymart_loader;
grant update (valid_from) on ops.feed to daymart_loader;
grant usage on all sequences in schema ops, quarantine to daymart_loader;
grant execute on function ops.suspend_key(text), ops.restore_key(text, text[])
    to daymart_loader;

grant usage on schema raw, raw_history, ops to daymart_transformer;
grant select on all tables in schema raw, raw_history, ops to daymart_transformer;
grant usage, create on schema staging, intermediate, candidate to daymart_transformer;

grant usage on schema raw, raw_history, ops, staging, intermediate, candidate, quarantine
    to daymart_publisher;
grant usage, create on schema published, published_history, marts to daymart_publisher;
grant select on all tables in schema raw, raw_history, ops, quarantine to daymart_publisher;
grant insert, update, delete on
    ops.publication, ops.publication_load, ops.publication_mart, ops.build_result,
    ops.mart_definition, ops.check_result, ops.mart_state, ops.lease
    to daymart_publisher;
grant usage on all sequences in schema ops to daymart_publisher;
grant maintain on all tables in schema raw, raw_history to daymart_publisher;
alter default privileges for role daymart_transformer in schema staging, intermediate, candidate
    grant select on tables to daymart_publisher;

grant usage on schema marts, published, published_history, ops to daymart_reader, daymart_seller;
grant select on ops.mart_state, ops.publication, ops.publication_mart, ops.feed
    to daymart_reader, daymart_seller;
-- Verdicts list the rows that are wrong, of every customer: not for a seller's eyes.
grant select on ops.check_result to daymart_reader;
revoke select on ops.check_result from daymart_seller;
