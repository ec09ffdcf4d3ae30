-- How purchasing's clerk says what the ERP says; for the session that writes the workbook.
-- What the clerk has no word for is copied as it stands.
create or replace function pg_temp.artikul(item_id integer) returns text
language sql immutable return 'Т-' || item_id;

create or replace function pg_temp.postavshchik(partner_id integer) returns text
language sql immutable return 'П-' || partner_id;

-- The office's wall clock; its workbooks know no other.
create or replace function pg_temp.vremya(instant timestamptz) returns timestamp
language sql stable return instant at time zone 'Europe/Kyiv';

create or replace function pg_temp.yedinitsa(unit text) returns text
language sql immutable return
    case unit
        when 'pcs' then 'шт' when 'kg' then 'кг' when 'box' then 'кор' when 'dozen' then 'дюж'
        when 'carton' then 'ящ' when 'pallet' then 'пал'
        else unit
    end;

create or replace function pg_temp.valyuta(currency text) returns text
language sql immutable return
    case currency
        when 'EUR' then 'евро' when 'USD' then 'доллар' when 'UAH' then 'гривна' else currency
    end;
