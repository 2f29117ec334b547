begin;
select plan(9);
\ir shop.psql

select has_function('coffee', '_box_value', array['bigint', 'integer']);
select function_returns('coffee', '_box_value', array['bigint', 'integer'], 'numeric');
select volatility_is('coffee', '_box_value', array['bigint', 'integer'], 'stable');
select isnt_definer('coffee', '_box_value', array['bigint', 'integer']);
select ok(not has_function_privilege('coffee_app', 'coffee._box_value(bigint, integer)', 'execute'), 'applications may not call it');

set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -4, '{"street": "1"}') as id;
select coffee.process_monthly_billing();
create temporary table b as select b.id from s join coffee.billing_periods as b on b.subscription_id = s.id;
select is(coffee._box_value(b.id, 0), 30000::numeric, 'one of three') from b;
update coffee.billing_periods as p set value = 50000 from b where p.id = b.id;
select is(coffee._box_value(b.id, 0), 16667::numeric, 'what is paid, in whole won') from b;
update coffee.monthly_order_jobs as j set value = 40000 where j.box_no = 0;
select is(coffee._box_value(b.id, 0), 5000::numeric, 'of what the others have not taken') from b;
update coffee.monthly_order_jobs as j set value = 30000;
select is(coffee._box_value(b.id, 0), 0::numeric, 'nothing is left') from b;

select * from finish();
rollback;
