-- The evening a row was last written, so that large tables can be delivered as changes. The session
-- that writes sets erp.today; a row that changes is written anew.
do $$
declare
    name text;
begin
    foreach name in array array[
        'paper', 'paper_part', 'paper_link', 'paper_line', 'sale', 'sale_line', 'sale_share',
        'hold', 'dispatch', 'dispatch_line', 'pick'
    ] loop
        execute format(
            'alter table erp.%I add column touched_on date not null'
            ' default current_setting(''erp.today'')::date', name
        );
        execute format('create index on erp.%I using brin (touched_on)', name);
    end loop;
end
$$;
