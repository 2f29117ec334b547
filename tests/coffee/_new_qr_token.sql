begin;
select plan(7);

select has_function('coffee', '_new_qr_token', array[]::text[]);
select function_returns('coffee', '_new_qr_token', array[]::text[], 'text');
select volatility_is('coffee', '_new_qr_token', array[]::text[], 'volatile');
select isnt_definer('coffee', '_new_qr_token', array[]::text[]);
select ok(not has_function_privilege('coffee_app', 'coffee._new_qr_token()', 'execute'), 'nobody may call it');

select matches(coffee._new_qr_token(), '^[0-9a-f]{32}$', '128 bits');
select is((select count(distinct coffee._new_qr_token()) from generate_series(1, 1000)), 1000::bigint, 'another each time');

select * from finish();
rollback;
