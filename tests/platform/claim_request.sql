begin;
select plan(24);

create role tap_nobody;

select has_function('platform', 'claim_request', array['text', 'text', 'jsonb'], 'it exists');
select function_returns('platform', 'claim_request', array['text', 'text', 'jsonb'], 'jsonb', 'it returns an answer');
select volatility_is('platform', 'claim_request', array['text', 'text', 'jsonb'], 'volatile', 'it is volatile');
select isnt_definer('platform', 'claim_request', array['text', 'text', 'jsonb'], 'it runs as its caller');
select function_privs_are('platform', 'claim_request', array['text', 'text', 'jsonb'], 'tap_nobody', '{}', 'applications do not call it');
select table_privs_are('platform', 'request_keys', 'tap_nobody', '{}', 'and do not read answers');

set local role moadb_owner;
select is(platform.claim_request('tap.f', 'key', '{"a": 1, "b": 2}'), null, 'a new key has no answer yet');
select is((select k.response from platform.request_keys as k where k.scope = 'tap.f'), null, 'and is taken');
select lives_ok($$ select platform.complete_request('tap.f', 'key', '{"id": 7}') $$, 'the answer is stored');
select is(platform.claim_request('tap.f', 'key', '{"a": 1, "b": 2}'), '{"id": 7}', 'the same request gets it');
select is(platform.claim_request('tap.f', 'key', '{"b": 2, "a": 1}'), '{"id": 7}', 'whatever the order of its keys');
select is((select count(*) from platform.request_keys as k where k.scope = 'tap.f'), 1::bigint, 'and nothing else is stored');

select throws_ok(
  $$ select platform.claim_request('tap.f', 'key', '{"a": 1, "b": 3}') $$, 'MP052',
  'request key key of tap.f was used for another request', 'another request under the same key is refused'
);
select throws_ok(
  $$ select platform.claim_request('tap.f', 'key', null) $$, 'MP052', 'request key key of tap.f was used for another request', 'an empty one, too'
);
select is(platform.claim_request('tap.g', 'key', '{"a": 1, "b": 3}'), null, 'the same key of another scope is another key');
select throws_ok(
  $$ select platform.claim_request('tap.g', 'key', '{"a": 1, "b": 3}') $$, 'MP053',
  'request key key of tap.g was claimed, and no answer was stored', 'a key that was claimed without an answer is not given twice'
);

select is(platform.claim_request('tap.f', null, '{}'), null, 'without a key there is no stored answer');
select is(platform.claim_request('tap.f', null, '{}'), null, 'ever');
select is(platform.claim_request('tap.h', repeat('가', 200), '{}'), null, '200 characters are a key');
select throws_ok(
  $$ select platform.claim_request('tap.h', repeat('x', 201), '{}') $$, 'MP051', 'a request key has 1 to 200 characters, not 201', '201 are not'
);
select throws_ok($$ select platform.claim_request('tap.h', '', '{}') $$, 'MP051', 'a request key has 1 to 200 characters, not 0', 'nor is none');
select throws_ok(
  $$ insert into platform.request_keys (scope, request_key, request_hash) values ('tap', repeat('x', 201), sha256('')) $$, '23514',
  'new row for relation "request_keys" violates check constraint "request_keys_request_key_check"', 'the table says so, too'
);

select platform.complete_request('tap.g', 'key', null);
select is(platform.claim_request('tap.g', 'key', '{"a": 1, "b": 3}'), 'null'::jsonb, 'an answer of nothing is an answer');

savepoint work;
select platform.claim_request('tap.f', 'undone', '{}');
rollback to work;
select is(platform.claim_request('tap.f', 'undone', '{"other": true}'), null, 'work that is rolled back gives its key back');

select * from finish();
rollback;
