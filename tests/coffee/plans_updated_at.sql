begin;
select plan(2);



select trigger_is('coffee', 'plans', 'plans_updated_at', 'platform', 'update_updated_at', 'on update');
set local moadb.now = '2026-02-01 00:00+09';
select coffee.edit_plan(coffee.create_plan('t1', 'T', 'monthly_pick', 1), '{"price_per_month": 2}');
select is((select p.updated_at from coffee.plans as p where p.code = 't1'), '2026-02-01 00:00+09'::timestamptz, 'set');

select * from finish();
rollback;
