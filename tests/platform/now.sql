begin;
select plan(12);

create role tap_nobody;
create role tap_traveller in role moadb_clock;

select has_function('platform', 'now', '{}'::text[], 'it exists');
select function_returns('platform', 'now', '{}'::text[], 'timestamp with time zone', 'it returns a time');
select function_lang_is('platform', 'now', '{}'::text[], 'sql', 'it is sql, so that it can be inlined');
select volatility_is('platform', 'now', '{}'::text[], 'stable', 'it is stable');
select isnt_definer('platform', 'now', '{}'::text[], 'it runs as its caller');
select function_privs_are('platform', 'now', '{}'::text[], 'tap_nobody', '{}', 'nobody may call it unless a system grants it');

select is(platform.now(), now(), 'it is the start of the transaction');

set local moadb.now = '2027-01-31 23:59+09';
select is(platform.now(), '2027-01-31 14:59+00'::timestamptz, 'a superuser moves it by moadb.now');

set local moadb.now = 'yesterday evening';
select throws_ok(
  'select platform.now()', '22007', 'invalid input syntax for type timestamp with time zone: "yesterday evening"',
  'a moved clock must be a time'
);

set local moadb.now = '';
select is(platform.now(), now(), 'an empty setting does not move it');

grant usage on schema platform to tap_nobody, tap_traveller;
grant execute on function platform.now() to tap_nobody, tap_traveller;
set local moadb.now = '2027-01-31 23:59+09';
create function pg_temp.now_as(p_role text) returns timestamptz language plpgsql as $$
declare
  v_now timestamptz;
begin
  execute format('set local session authorization %I', p_role);
  v_now := platform.now();
  set local session authorization default;
  return v_now;
end;
$$;
select is(pg_temp.now_as('tap_traveller'), '2027-01-31 14:59+00'::timestamptz, 'a member of moadb_clock moves it');
select is(pg_temp.now_as('tap_nobody'), now(), 'nobody else does, whatever they set');

select * from finish();
rollback;
