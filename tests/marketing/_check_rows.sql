begin;
select plan(13);

select has_function('marketing', '_check_rows', array['jsonb', 'text[]']);
select function_returns('marketing', '_check_rows', array['jsonb', 'text[]'], 'void');
select volatility_is('marketing', '_check_rows', array['jsonb', 'text[]'], 'stable');
select isnt_definer('marketing', '_check_rows', array['jsonb', 'text[]']);
select ok(not has_function_privilege('marketing_app', 'marketing._check_rows(jsonb, text[])', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._check_rows(jsonb, text[])', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._check_rows(jsonb, text[])', 'execute'), 'readers may not');

select lives_ok($$ select marketing._check_rows('[]', '{a}') $$, 'no rows');
select lives_ok($$ select marketing._check_rows('[{"a": 1}, {}]', '{a,b}') $$, 'a row');
select throws_ok($$ select marketing._check_rows(null, '{a}') $$, 'MM004', 'p_rows is null', 'nothing');
select throws_ok($$ select marketing._check_rows('{}', '{a}') $$, 'MM005', 'p_rows object is not accepted: it is a JSON array of objects', 'an object');
select throws_ok($$ select marketing._check_rows('[{}, 1]', '{a}') $$, 'MM050', null, 'a number for a row');
select throws_ok(
  $$ select marketing._check_rows('[{"a": 1}, {"a": 1, "canceled_at": "x"}]', '{a,cancelled_at}') $$, 'MM050',
  '1 of 2 rows are refused; row 1, canceled_at: there is no such name', 'a name that nobody reads'
);

select * from finish();
rollback;
