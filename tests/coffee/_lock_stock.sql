-- Which rows it locks is seen by other sessions: tests/concurrency/test_coffee_lock_order.py.
begin;
select plan(6);

select has_function('coffee', '_lock_stock', array['uuid[]']);
select function_returns('coffee', '_lock_stock', array['uuid[]'], 'void');
select volatility_is('coffee', '_lock_stock', array['uuid[]'], 'volatile');
select isnt_definer('coffee', '_lock_stock', array['uuid[]']);
select ok(not has_function_privilege('coffee_app', 'coffee._lock_stock(uuid[])', 'execute'), 'applications may not');

select lives_ok($$select coffee._lock_stock('{}')$$, 'no boxes, no locks');

select * from finish();
rollback;
