begin;
select plan(8);

select has_function('coupon', '_new_reservation_id', array[]::text[]);
select function_returns('coupon', '_new_reservation_id', array[]::text[], 'character varying');
select volatility_is('coupon', '_new_reservation_id', array[]::text[], 'volatile');
select isnt_definer('coupon', '_new_reservation_id', array[]::text[]);
select ok(not has_function_privilege('coupon_app', 'coupon._new_reservation_id()', 'execute'), 'applications may not call it');


select matches(coupon._new_reservation_id()::text, '^RSV[0-9A-F]{24}$', 'its form');
select is((select count(distinct coupon._new_reservation_id()) from generate_series(1, 1000)), 1000::bigint, 'each is new');
select ok((select array_agg(r.id order by r.n) = array_agg(r.id order by r.id) from (select n, coupon._new_reservation_id() as id from generate_series(1, 100) as n) as r), 'they ascend');

select * from finish();
rollback;
