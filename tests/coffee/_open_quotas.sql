begin;
select plan(8);

select has_function('coffee', '_open_quotas', array['uuid[]', 'date[]']);
select function_returns('coffee', '_open_quotas', array['uuid[]', 'date[]'], 'void');
select volatility_is('coffee', '_open_quotas', array['uuid[]', 'date[]'], 'volatile');
select isnt_definer('coffee', '_open_quotas', array['uuid[]', 'date[]']);
select ok(not has_function_privilege('coffee_app', 'coffee._open_quotas(uuid[], date[])', 'execute'), 'applications may not');

insert into coffee.roasters (id, name, monthly_quota) values
  ('00000000-0000-0000-0000-0000000000a1', 'Roaster', 10), ('00000000-0000-0000-0000-0000000000a2', 'Other', null);
select coffee._take_quota('00000000-0000-0000-0000-0000000000a1', '2026-12-01', 7);
select coffee._open_quotas(
  array['00000000-0000-0000-0000-0000000000a2', '00000000-0000-0000-0000-0000000000a1']::uuid[], array['2027-01-01', '2026-12-01']::date[]
);
select results_eq(
  'select right(q.roaster_id::text, 2), q.month, q.maximum, q.used from coffee.roaster_quotas as q order by q.roaster_id, q.month',
  $$values ('a1', '2026-12-01'::date, 10, 7), ('a1', '2027-01-01', 10, 0), ('a2', '2026-12-01', null, 0), ('a2', '2027-01-01', null, 0)$$,
  'what was missing is there, what was there is left alone'
);
select lives_ok('select coffee._open_quotas(null, null)', 'none');
select is((select count(*) from coffee.roaster_quotas), 4::bigint, 'is none');

select * from finish();
rollback;
