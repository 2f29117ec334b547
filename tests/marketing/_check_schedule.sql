begin;
select plan(14);

select has_function('marketing', '_check_schedule', array['text', 'text', 'time without time zone', 'jsonb', 'text']);
select function_returns('marketing', '_check_schedule', array['text', 'text', 'time without time zone', 'jsonb', 'text'], 'void');
select volatility_is('marketing', '_check_schedule', array['text', 'text', 'time without time zone', 'jsonb', 'text'], 'stable');
select isnt_definer('marketing', '_check_schedule', array['text', 'text', 'time without time zone', 'jsonb', 'text']);
select function_privs_are('marketing', '_check_schedule', array['text', 'text', 'time without time zone', 'jsonb', 'text'], 'marketing_app', '{}');
select function_privs_are('marketing', '_check_schedule', array['text', 'text', 'time without time zone', 'jsonb', 'text'], 'marketing_admin', '{}');

select lives_ok($$ select marketing._check_schedule('A', 'weekly', '23:59:59', null, null) $$, 'a schedule');
select lives_ok($$ select marketing._check_schedule('A', 'monthly', '00:00', '{}', 'year') $$, 'another');
select throws_ok($$ select marketing._check_schedule('A', 'custom', '06:00', '{}', 'none') $$, 'MM005', null, 'custom days do not come again');
select throws_ok($$ select marketing._check_schedule(null, 'daily', '06:00', '{}', 'none') $$, 'MM004', 'p_title is null', 'no title');
select throws_ok($$ select marketing._check_schedule('A', 'daily', null, '{}', 'none') $$, 'MM004', 'p_at_time is null', 'no time');
select throws_ok($$ select marketing._check_schedule('A', 'daily', '24:00', '{}', 'none') $$, 'MM005', null, 'midnight is 00:00');
select throws_ok(
  $$ select marketing._check_schedule('A', 'daily', '06:00', '{}', '2026-01-01/2026-01-31') $$, 'MM005', null, 'days do not move along'
);
select throws_ok($$ select marketing._check_schedule('A', 'daily', '06:00', '{"x": 1}', 'none') $$, 'MM131', null, 'its configuration is looked at');

select * from finish();
rollback;
