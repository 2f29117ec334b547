begin;
select plan(14);

select has_function('marketing', '_check_names', array['jsonb', 'text[]', 'text']);
select function_returns('marketing', '_check_names', array['jsonb', 'text[]', 'text'], 'text');
select volatility_is('marketing', '_check_names', array['jsonb', 'text[]', 'text'], 'immutable');
select isnt_definer('marketing', '_check_names', array['jsonb', 'text[]', 'text']);
select function_privs_are('marketing', '_check_names', array['jsonb', 'text[]', 'text'], 'marketing_app', '{}');
select function_privs_are('marketing', '_check_names', array['jsonb', 'text[]', 'text'], 'marketing_admin', '{}');

select is(marketing._check_names('["a", "b"]', '{a,b}', 'a, b'), null, 'names that there are');
select is(marketing._check_names('["a", "b", "a"]', '{a,b}', 'a, b'), 'each is there once', 'one that is there twice');
select is(marketing._check_names('["a", "c"]', '{a,b}', 'a, b'), 'each is one of: a, b', 'one that there is not');
select is(marketing._check_names('["a", 1]', '{a,b,1}', 'a, b'), 'each is one of: a, b', 'a number is no name');
select is(marketing._check_names('["a", null]', '{a,b}', 'a, b'), 'each is one of: a, b', 'nor is null');
select is(marketing._check_names('[]', '{a}', 'a'), 'leave it out to have all', 'none');
select is(marketing._check_names('"a"', '{a}', 'a'), 'it is an array of names', 'no list');
select is(marketing._check_names(null, '{a}', 'a'), 'it is an array of names', 'nothing');

select * from finish();
rollback;
