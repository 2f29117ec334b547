-- tests/coupon/_lock_order.sql is about the lock, tests/concurrency/test_lock_order.py about who waits for it.
begin isolation level repeatable read;
select plan(7);

select has_function('coupon', '_enter_order', array['text']);
select function_returns('coupon', '_enter_order', array['text'], 'void');
select volatility_is('coupon', '_enter_order', array['text'], 'volatile');
select isnt_definer('coupon', '_enter_order', array['text']);
select ok(not has_function_privilege('coupon_app', 'coupon._enter_order(text)', 'execute'), 'applications may not call it');

select throws_ok(
  'select coupon._enter_order(''o-1'')', 'MC053', 'what order o-1 holds cannot be seen with isolation level repeatable read', 'an older snapshot'
);
select is(
  (select count(*) from pg_locks as l where l.locktype = 'advisory' and l.pid = pg_backend_pid()), 0::bigint, 'is refused before it waits'
);

select * from finish();
rollback;
