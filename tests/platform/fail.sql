begin;
select plan(11);

create role tap_nobody;

select has_function('platform', 'fail', array['text', 'jsonb'], 'it exists');
select function_returns('platform', 'fail', array['text', 'jsonb'], 'void', 'it returns nothing');
select volatility_is('platform', 'fail', array['text', 'jsonb'], 'stable', 'it is stable');
select isnt_definer('platform', 'fail', array['text', 'jsonb'], 'it runs as its caller');
select function_privs_are('platform', 'fail', array['text', 'jsonb'], 'tap_nobody', '{}', 'nobody may call it directly');

insert into platform.error_codes (sqlstate, name, schema_name, message, hint)
values ('MP999', 'tap_error', 'platform', '{used} of {limit} are used by {who}', 'ask for fewer than {limit}');

select throws_ok(
  $$ select platform.fail('tap_error', '{"used": 3, "limit": 3, "who": null}') $$, 'MP999', '3 of 3 are used by null',
  'the values of the detail are put into the message'
);
select throws_ok($$ select platform.fail('tap_error') $$, 'MP999', '{used} of {limit} are used by {who}', 'without detail the message stays as it is');
select throws_ok(
  $$ select platform.fail('no_such_error') $$, 'MP001', 'error ''no_such_error'' is not registered', 'an unregistered error says so'
);

create temporary table raised (sqlstate text, detail jsonb, hint text);
do $$
declare
  v_detail text;
  v_hint   text;
begin
  perform platform.fail('tap_error', '{"limit": 3, "nested": {"a": [1]}}');
exception
  when sqlstate 'MP999' then
    get stacked diagnostics v_detail = pg_exception_detail, v_hint = pg_exception_hint;
    insert into raised values (sqlstate, v_detail::jsonb, v_hint);
end;
$$;
select is((select r.detail from raised as r), '{"code": "tap_error", "limit": 3, "nested": {"a": [1]}}', 'the detail is JSON and has the code');
select is((select r.hint from raised as r), 'ask for fewer than 3', 'the hint is filled in too');
select is_empty(
  $$ select e.name from platform.error_codes as e where e.sqlstate !~ '^M' or e.hint = '' or e.message = '' $$,
  'every registered error has a message and a hint'
);

select * from finish();
rollback;
