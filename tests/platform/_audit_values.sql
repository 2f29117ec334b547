begin;
select plan(11);

create role tap_nobody;

select has_function('platform', '_audit_values', array['jsonb', 'jsonb', 'text[]'], 'it exists');
select function_returns('platform', '_audit_values', array['jsonb', 'jsonb', 'text[]'], 'jsonb', 'it returns a JSON object');
select volatility_is('platform', '_audit_values', array['jsonb', 'jsonb', 'text[]'], 'immutable', 'it is immutable');
select isnt_definer('platform', '_audit_values', array['jsonb', 'jsonb', 'text[]'], 'it runs as its caller');
select function_privs_are('platform', '_audit_values', array['jsonb', 'jsonb', 'text[]'], 'tap_nobody', '{}', 'it is internal');

select is(platform._audit_values('{"a": 1, "b": null}', null, '{}'), '{"a": 1, "b": null}', 'without another state it is the whole row');
select is(platform._audit_values('{"a": 1, "b": 2}', '{"a": 1, "b": 3}', '{}'), '{"b": 2}', 'with one it is what differs');
select is(platform._audit_values('{"a": null}', '{"a": 1}', '{}'), '{"a": null}', 'becoming null is a difference');
select is(platform._audit_values('{"a": 1}', '{"a": 1}', '{}'), null, 'no difference is null');
select is(platform._audit_values('{"a": 1, "pin": "1234"}', '{"a": 1, "pin": "0000"}', '{pin}'), '{"pin": "***"}', 'a hidden column is seen to change, not what to');
select is(platform._audit_values(null, '{"a": 1}', '{}'), null, 'no row has no values');

select * from finish();
rollback;
