begin;
select plan(9);

create role tap_nobody;

select has_function('platform', '_client_ip', '{}'::text[], 'it exists');
select function_returns('platform', '_client_ip', '{}'::text[], 'inet', 'it returns an address');
select volatility_is('platform', '_client_ip', '{}'::text[], 'stable', 'it is stable');
select isnt_definer('platform', '_client_ip', '{}'::text[], 'it runs as its caller');
select function_privs_are('platform', '_client_ip', '{}'::text[], 'tap_nobody', '{}', 'it is internal');

select is(platform._client_ip(), inet_client_addr(), 'it is the connection''s own address when nobody was named');
select platform.set_actor('user:1', '2001:db8::1');
select is(platform._client_ip(), '2001:db8::1'::inet, 'it is the address that came with the actor');
select platform.set_actor('user:1');
select is(platform._client_ip(), null, 'for an actor without an address it is unknown, and not the application server''s');
set local moadb.client_ip = 'nowhere';
select throws_ok(
  'select platform._client_ip()', 'MP004', 'moadb.client_ip nowhere is no address', 'what was set by hand must be an address'
);

select * from finish();
rollback;
