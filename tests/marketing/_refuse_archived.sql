begin;
select plan(9);

select has_function('marketing', '_refuse_archived', array['datemultirange']);
select function_returns('marketing', '_refuse_archived', array['datemultirange'], 'void');
select volatility_is('marketing', '_refuse_archived', array['datemultirange'], 'stable');
select isnt_definer('marketing', '_refuse_archived', array['datemultirange']);
select ok(not has_function_privilege('marketing_app', 'marketing._refuse_archived(datemultirange)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._refuse_archived(datemultirange)', 'execute'), 'operators may not');

select lives_ok($$ select marketing._refuse_archived('{}') $$, 'no days');
select lives_ok($$ select marketing._refuse_archived(null) $$, 'nothing');
select throws_ok($$ select marketing._refuse_archived('{[2025-01-05,2025-02-01)}') $$, 'MM073', 'the days 2025-01-05 to 2025-01-31 are in the archive', 'some');

select * from finish();
rollback;
