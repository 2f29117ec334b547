begin;
select plan(15);

select has_function('marketing', '_check_report', array['text', 'text', 'text[]', 'jsonb']);
select function_returns('marketing', '_check_report', array['text', 'text', 'text[]', 'jsonb'], 'void');
select volatility_is('marketing', '_check_report', array['text', 'text', 'text[]', 'jsonb'], 'stable');
select isnt_definer('marketing', '_check_report', array['text', 'text', 'text[]', 'jsonb']);
select function_privs_are('marketing', '_check_report', array['text', 'text', 'text[]', 'jsonb'], 'marketing_app', '{}');
select function_privs_are('marketing', '_check_report', array['text', 'text', 'text[]', 'jsonb'], 'marketing_admin', '{}');

select lives_ok($$ select marketing._check_report('A', 'daily', '{daily,custom}', null) $$, 'a report');
select lives_ok($$ select marketing._check_report(repeat('가', 255), 'daily', '{daily}', '{}') $$, 'a title of 255 characters');
select throws_ok($$ select marketing._check_report(null, 'daily', '{daily}', '{}') $$, 'MM004', 'p_title is null', 'no title');
select throws_ok($$ select marketing._check_report('A', null, '{daily}', '{}') $$, 'MM004', 'p_report_type is null', 'no type');
select throws_ok($$ select marketing._check_report(repeat('x', 256), 'daily', '{daily}', '{}') $$, 'MM005', null, 'a title that is too long');
select throws_ok($$ select marketing._check_report('', 'daily', '{daily}', '{}') $$, 'MM005', null, 'an empty one');
select throws_ok($$ select marketing._check_report(E' \n', 'daily', '{daily}', '{}') $$, 'MM005', null, 'one of blanks');
select throws_ok(
  $$ select marketing._check_report('A', 'custom', '{daily,weekly}', '{}') $$,
  'MM005', 'p_report_type custom is not accepted: it is one of daily, weekly', 'a type that it may not be of'
);
select throws_ok($$ select marketing._check_report('A', 'daily', '{daily}', '{"x": 1}') $$, 'MM131', null, 'its configuration is looked at');

select * from finish();
rollback;
