-- How the warehouse's system says what the ERP says; for the session that copies.
create or replace function pg_temp.artikel(item_id integer) returns text
language sql immutable return lpad(item_id::text, 18, '0');

create or replace function pg_temp.tsd(qty numeric) returns bigint
language sql immutable return (qty * 1000)::bigint;

create or replace function pg_temp.bestandsart(quality text, purpose text) returns text
language sql immutable return
    case when purpose || quality = 'CONSIGNA' then 'K' else translate(quality, 'AQDRTO', 'FQSRUX') end;

-- Minutes a store's wall clock is ahead of UTC.
create or replace function pg_temp.versatz(instant timestamptz, zone text) returns smallint
language sql stable
return extract(epoch from (instant at time zone zone) - (instant at time zone 'UTC')) / 60;

-- The kind of movement; 999 for what this system has no number for.
create or replace function pg_temp.bewegungsart(type text, way text) returns smallint
language sql immutable return
    case type || way
        when 'PUR+' then 101 when 'PUR-' then 102 when 'SAL-' then 601 when 'SAL+' then 602
        when 'RET+' then 651 when 'RET-' then 652 when 'TRO-' then 303 when 'TRO+' then 304
        when 'TRI+' then 305 when 'TRI-' then 306 when 'CNT+' then 701 when 'CNT-' then 702
        when 'QST+' then 321 when 'QST-' then 322
        else 999
    end;
