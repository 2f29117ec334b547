begin;
select plan(4);

select platform.set_actor('admin 1');
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

select trigger_is('coffee', 'roasters', 'roasters_audit_insert', 'platform', 'audit_row', 'on insert');
select trigger_is('coffee', 'roasters', 'roasters_audit_update', 'platform', 'audit_row', 'on update');
select trigger_is('coffee', 'roasters', 'roasters_audit_delete', 'platform', 'audit_row', 'on delete');

update coffee.roasters set name = 'New' where name in ('Roaster', 'Coffee');
delete from coffee.coffees;
delete from coffee.roasters;
select results_eq(
  $$select a.action::text, count(*) from platform.audit_log as a where (a.schema_name, a.table_name, a.actor) = ('coffee', 'roasters', 'admin 1') group by a.action order by 1$$,
  $$values ('delete', 1::bigint), ('insert', 1), ('update', 1)$$, 'who did what'
);

select * from finish();
rollback;
