begin;
select plan(3);



select trigger_is('coffee', 'plans', 'plans_audit_insert', 'platform', 'audit_row', 'on insert');
select trigger_is('coffee', 'plans', 'plans_audit_update', 'platform', 'audit_row', 'on update');
select coffee.edit_plan(coffee.create_plan('t1', 'T', 'monthly_pick', 1), '{"price_per_month": 2}');
select results_eq(
  $$select a.action::text from platform.audit_log as a where a.table_name = 'plans' order by a.id$$, $$values ('insert'), ('update')$$, 'who made and changed it'
);

select * from finish();
rollback;
