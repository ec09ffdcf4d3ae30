-- What the bulk trade adds to the demo ERP: the company remembers its scale.

alter table erp.company add column scale numeric not null default 0;
