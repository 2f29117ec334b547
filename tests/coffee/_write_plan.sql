begin;
select plan(10);

select has_function('coffee', '_write_plan', array['bigint', 'jsonb']);
select function_returns('coffee', '_write_plan', array['bigint', 'jsonb'], 'bigint');
select volatility_is('coffee', '_write_plan', array['bigint', 'jsonb'], 'volatile');
select isnt_definer('coffee', '_write_plan', array['bigint', 'jsonb']);

create temporary table p as select coffee._write_plan(null, '{"code": "t1", "name": "One", "type": "blind_box", "price_per_month": 30000}') as id;
select is((select l.currency from coffee.plans as l join p on p.id = l.id), 'KRW', 'inserted, with the defaults of the table');
select is(coffee._write_plan(p.id, '{"name": "Two"}'), p.id, 'updated') from p;
select results_eq('select l.code, l.name from coffee.plans as l join p on p.id = l.id', $$values ('t1', 'Two')$$, 'what was given');
select throws_ok($$select coffee._write_plan(null, '{"code": "t1", "name": "One", "type": "blind_box", "price_per_month": 1}')$$, 'MF034', null, 'the same code');
select throws_ok($$select coffee._write_plan(p.id, '{"catch_up": "x"}') from p$$, 'MF033', null, 'what the table refuses');
select throws_ok($$select coffee._write_plan(p.id, '{"price_per_month": 1.5}') from p$$, 'MF002', null, 'half a won');

select * from finish();
rollback;
