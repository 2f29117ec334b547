begin;
select plan(6);

select has_function('coupon', '_lock_reservations', array['bigint']);
select function_returns('coupon', '_lock_reservations', array['bigint'], 'void');
select volatility_is('coupon', '_lock_reservations', array['bigint'], 'volatile');
select isnt_definer('coupon', '_lock_reservations', array['bigint']);
select ok(not has_function_privilege('coupon_app', 'coupon._lock_reservations(bigint)', 'execute'), 'applications may not call it');

select coupon._lock_reservations(7);
select is(
  (
    select count(*) from pg_locks as l
    where l.locktype = 'advisory' and l.classid = 19782 and l.objid::bigint = hashint8(7)::bigint & 4294967295 and l.pid = pg_backend_pid()
  ),
  1::bigint, 'the coupon''s lock'
);

select * from finish();
rollback;
