begin;
select plan(11);

create role tap_nobody;

select has_function('platform', 'complete_request', array['text', 'text', 'jsonb'], 'it exists');
select function_returns('platform', 'complete_request', array['text', 'text', 'jsonb'], 'void', 'it returns nothing');
select volatility_is('platform', 'complete_request', array['text', 'text', 'jsonb'], 'volatile', 'it is volatile');
select isnt_definer('platform', 'complete_request', array['text', 'text', 'jsonb'], 'it runs as its caller');
select function_privs_are('platform', 'complete_request', array['text', 'text', 'jsonb'], 'tap_nobody', '{}', 'applications do not call it');

set local role moadb_owner;
select platform.claim_request('tap.f', 'a', '{}'), platform.claim_request('tap.f', 'b', '{}'), platform.claim_request('tap.g', 'a', '{}');
select lives_ok($$ select platform.complete_request('tap.f', 'a', '[1, 2]') $$, 'an answer is stored');
select results_eq(
  $$ select k.scope, k.request_key, k.response from platform.request_keys as k where k.scope like 'tap.%' order by 1, 2 $$,
  $$ values ('tap.f', 'a', '[1, 2]'::jsonb), ('tap.f', 'b', null), ('tap.g', 'a', null) $$,
  'under its own key and scope'
);
select throws_ok(
  $$ select platform.complete_request('tap.f', 'a', '[3]') $$, 'MP054', 'request key a of tap.f is not waiting for an answer', 'an answer is final'
);
select throws_ok(
  $$ select platform.complete_request('tap.f', 'c', '[3]') $$, 'MP054', 'request key c of tap.f is not waiting for an answer',
  'a key is claimed first'
);
select lives_ok($$ select platform.complete_request('tap.f', null, '[3]') $$, 'without a key there is nothing to store');
select is((select count(*) from platform.request_keys as k where k.scope like 'tap.%'), 3::bigint, 'and nothing is stored');

select * from finish();
rollback;
