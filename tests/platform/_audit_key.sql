begin;
select plan(9);

create role tap_nobody;

select has_function('platform', '_audit_key', array['jsonb', 'text[]'], 'it exists');
select function_returns('platform', '_audit_key', array['jsonb', 'text[]'], 'text', 'it returns text');
select volatility_is('platform', '_audit_key', array['jsonb', 'text[]'], 'immutable', 'it is immutable');
select isnt_definer('platform', '_audit_key', array['jsonb', 'text[]'], 'it runs as its caller');
select function_privs_are('platform', '_audit_key', array['jsonb', 'text[]'], 'tap_nobody', '{}', 'it is internal');

select is(platform._audit_key('{"id": 7, "a": "x"}', '{id}'), '7', 'one column is the key as it is');
select is(platform._audit_key('{"a": "x", "b": "y", "c": 1}', '{c,a}'), '1,x', 'several are joined, in the order of the trigger''s argument');
select is(platform._audit_key('{"a": "x"}', '{id}'), null, 'a column that is not there gives no key');
select is(platform._audit_key('{"a": "x"}', null), null, 'neither does no column');

select * from finish();
rollback;
