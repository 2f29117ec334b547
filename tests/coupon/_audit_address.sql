begin;
select plan(8);

select has_function('coupon', '_audit_address', '{}'::text[]);
select function_returns('coupon', '_audit_address', '{}'::text[], 'text');
select volatility_is('coupon', '_audit_address', '{}'::text[], 'stable');
select isnt_definer('coupon', '_audit_address', '{}'::text[]);
select ok(not has_function_privilege('coupon_app', 'coupon._audit_address()', 'execute'), 'it is internal');

select is(coupon._audit_address(), null, 'null when nothing was stated');
select platform.set_actor('user:1', '203.0.113.9', repeat('x', 300));
select is(coupon._audit_address(), '203.0.113.9', 'what was stated, as far as the column is long');

create function pg_temp.explained(p_query text) returns setof text language plpgsql as $$
begin
  return query execute 'explain (verbose, costs off) ' || p_query;
end
$$;
select is_empty(
  $$select e.line from pg_temp.explained('select coupon._audit_address()') as e (line) where e.line ~ '_audit_address|_user_agent'$$,
  'it is inlined'
);

select * from finish();
rollback;
