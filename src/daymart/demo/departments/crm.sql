-- The CRM, kept in 1C: what its standard OData service shows, over the ERP's tables.
-- Times are Kyiv's wall clock without a zone. What 1C cannot leave empty has a value that says
-- so: a date 0001-01-01, a reference of zeros, a text '', a number 0. Pages are in the order of
-- the reference, so each table has an index of it.

create schema if not exists odata;

create or replace function odata.ref(kind text, id text) returns uuid
language sql immutable parallel safe
return coalesce(md5(kind || '/' || id)::uuid, '00000000-0000-0000-0000-000000000000'::uuid);

create or replace function odata.moment(instant timestamptz) returns timestamp
language sql stable
return coalesce(instant at time zone 'Europe/Kyiv', timestamp '0001-01-01 00:00:00');

create index if not exists staff_ref on erp.staff (odata.ref('user', no), since desc);
create index if not exists partner_ref on erp.partner (odata.ref('partner', id::text));
create index if not exists item_ref on erp.item (odata.ref('good', id::text));
create index if not exists lead_ref on erp.lead (odata.ref('lead', id::text));
create index if not exists lead_step_ref on erp.lead_step (odata.ref('move', id::text));
create index if not exists lead_pass_ref on erp.lead_pass (odata.ref('handoff', id::text));
create index if not exists touch_ref on erp.touch (odata.ref('activity', id::text));

create or replace view odata."Catalog_Пользователи" as
select distinct on (odata.ref('user', no))
    odata.ref('user', no) as "Ref_Key",
    no as "Code",
    full_name as "Description",
    left_on is not null as "DeletionMark"
from erp.staff
order by odata.ref('user', no), since desc;

create or replace view odata."Catalog_Партнеры" as
select
    odata.ref('partner', id::text) as "Ref_Key",
    code as "Code",
    coalesce(title, '') as "Description",
    false as "DeletionMark"
from erp.partner;

create or replace view odata."Catalog_Номенклатура" as
select
    odata.ref('good', id::text) as "Ref_Key",
    id::text as "Code",
    coalesce(title, '') as "Description",
    false as "DeletionMark"
from erp.item;

create or replace view odata."Catalog_Лиды" as
select
    odata.ref('lead', id::text) as "Ref_Key",
    id::text as "Code",
    'Лид ' || id as "Description",
    false as "DeletionMark",
    odata.moment(came_at) as "ДатаСоздания",
    origin as "Источник",
    odata.ref('user', owner_no) as "Ответственный_Key",
    odata.ref('partner', partner_id::text) as "Партнер_Key"
from erp.lead;

create or replace function odata.stage(code text) returns text
language sql immutable return
    case code
        when 'NEW' then 'НовыйЛид' when 'QLF' then 'Квалифицирован'
        when 'OFF' then 'Предложение' when 'NEG' then 'Переговоры'
        when 'WON' then 'Выигран' when 'LST' then 'Проигран'
        else coalesce(code, '')
    end;

create or replace view odata."Document_СтадияЛида" as
select
    odata.ref('move', id::text) as "Ref_Key",
    id::text as "Number",
    odata.moment(at) as "Date",
    true as "Posted",
    false as "DeletionMark",
    odata.ref('lead', lead_id::text) as "Лид_Key",
    odata.stage(was) as "СтараяСтадия",
    odata.stage(becomes) as "НоваяСтадия",
    odata.ref('user', by_no) as "Ответственный_Key",
    coalesce(worth, 0)::numeric(18, 2) as "Сумма"
from erp.lead_step;

create or replace view odata."Document_ПередачаЛида" as
select
    odata.ref('handoff', id::text) as "Ref_Key",
    id::text as "Number",
    odata.moment(given_at) as "Date",
    true as "Posted",
    false as "DeletionMark",
    odata.ref('lead', lead_id::text) as "Лид_Key",
    odata.ref('user', giver_no) as "Передал_Key",
    odata.ref('user', taker_no) as "Принял_Key",
    odata.moment(taken_at) as "ДатаПринятия"
from erp.lead_pass;

create or replace view odata."Document_Взаимодействие" as
select
    odata.ref('activity', id::text) as "Ref_Key",
    id::text as "Number",
    odata.moment(coalesce(done_at, planned_at)) as "Date",
    true as "Posted",
    false as "DeletionMark",
    case type
        when 'CAL' then 'Звонок' when 'MTG' then 'Встреча' when 'OFF' then 'Предложение'
        when 'DEM' then 'Демонстрация' when 'EQP' then 'УстановкаОборудования'
        when 'POS' then 'РекламныеМатериалы'
        else type
    end as "Вид",
    odata.moment(planned_at) as "ДатаПлан",
    odata.moment(done_at) as "ДатаФакт",
    odata.ref('user', staff_no) as "Ответственный_Key",
    odata.ref('partner', partner_id::text) as "Партнер_Key",
    odata.ref('lead', lead_id::text) as "Лид_Key",
    coalesce(seconds, 0) as "Длительность",
    coalesce(result, '') as "Результат"
from erp.touch;
