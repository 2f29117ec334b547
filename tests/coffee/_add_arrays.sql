begin;
select plan(10);

select has_function('coffee', '_add_arrays', array['numeric[]', 'numeric[]', 'integer']);
select function_returns('coffee', '_add_arrays', array['numeric[]', 'numeric[]', 'integer'], 'numeric[]');
select volatility_is('coffee', '_add_arrays', array['numeric[]', 'numeric[]', 'integer'], 'immutable');
select isnt_definer('coffee', '_add_arrays', array['numeric[]', 'numeric[]', 'integer']);
select ok(not has_function_privilege('coffee_app', 'coffee._add_arrays(numeric[], numeric[], integer)', 'execute'), 'nobody may call it');

select is(coffee._add_arrays('{1,2}', '{10,20}'), '{11,22}'::numeric[], 'element by element');
select is(coffee._add_arrays('{1,2}', '{10,20}', -1), '{-9,-18}'::numeric[], 'or taken off');
select is(coffee._add_arrays('{1}', '{10,20}'), '{11,20}'::numeric[], 'what is missing is 0');
select is(coffee._add_arrays(null, '{1}', -1), '{-1}'::numeric[], 'as is an array that is missing');
select is(coffee._add_arrays('{}', null), '{}'::numeric[], 'of nothing, nothing');

select * from finish();
rollback;
