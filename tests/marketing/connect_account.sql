begin;
select plan(35);

select has_function('marketing', 'connect_account', array['bigint', 'text', 'text', 'text', 'text', 'text', 'bytea', 'bytea', 'text', 'timestamp with time zone', 'bigint', 'text']);
select function_returns('marketing', 'connect_account', array['bigint', 'text', 'text', 'text', 'text', 'text', 'bytea', 'bytea', 'text', 'timestamp with time zone', 'bigint', 'text'], 'bigint');
select volatility_is('marketing', 'connect_account', array['bigint', 'text', 'text', 'text', 'text', 'text', 'bytea', 'bytea', 'text', 'timestamp with time zone', 'bigint', 'text'], 'volatile');
select is_definer('marketing', 'connect_account', array['bigint', 'text', 'text', 'text', 'text', 'text', 'bytea', 'bytea', 'text', 'timestamp with time zone', 'bigint', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.connect_account(bigint, text, text, text, text, text, bytea, bytea, text, timestamp with time zone, bigint, text)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.connect_account(bigint, text, text, text, text, text, bytea, bytea, text, timestamp with time zone, bigint, text)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.connect_account(bigint, text, text, text, text, text, bytea, bytea, text, timestamp with time zone, bigint, text)', 'execute'), 'readers may not');

\ir team.psql

-- T9: two users connect one account: one account, one campaign, one row of facts
set local moadb.now = '2027-01-01 00:00+00';
select pg_temp.act_as(9004);
select is(
  marketing.connect_account(9002, 'google_ads', '111-222', 'KRW', 'Asia/Seoul', p_access_token => '\x02', p_token_key => 'k2'), 9001::bigint,
  'the account that there is'
);
select is((select count(*) from marketing.v_accounts as a where a.platform = 'google_ads'), 1::bigint, 'one account');
select is((select array_agg(c.campaign_id order by 1) from marketing.v_campaigns as c where c.platform = 'google_ads'), '{9001}'::bigint[], 'its campaigns are seen');
select throws_ok(
  $$ select marketing.connect_account(9002, 'google_ads', '111-222', 'USD', 'Asia/Seoul') $$, 'MM013',
  'account 111-222 of google_ads has currency KRW, not USD', 'its currency does not change'
);
select throws_ok(
  $$ select marketing.connect_account(9002, 'google_ads', '111-222', 'KRW', 'Asia/Tokyo') $$, 'MM013',
  'account 111-222 of google_ads has time zone Asia/Seoul, not Asia/Tokyo', 'nor its zone'
);
create temporary table made on commit drop as
  select marketing.connect_account(9002, 'naver_ads', 'n1', 'KRW', 'Asia/Seoul', '네이버', '\x0a', '\x0b', 'k2', '2027-02-01', p_request_key => 'key') as id;
grant select on made to public;
select results_eq(
  $$ select a.account_id, a.platform::text, a.platform_account_id::text, a.account_name::text, a.currency, a.time_zone::text, a.restate_days, a.is_connected, a.created_at from marketing.v_accounts as a where a.platform = 'naver_ads' $$,
  $$ select m.id, 'naver_ads', 'n1', '네이버', 'KRW', 'Asia/Seoul', 30, true, '2027-01-01 00:00+00'::timestamptz from made as m $$, 'a new one'
);
select is(
  marketing.connect_account(9002, 'naver_ads', 'n1', 'KRW', 'Asia/Seoul', '네이버', '\x0a', '\x0b', 'k2', '2027-02-01', p_request_key => 'key'),
  (select m.id from made as m), 'the same request again'
);
select is(marketing.connect_account(9002, 'naver_ads', 'n1', p_account_name => 'N'), (select m.id from made as m), 'what is known need not be said again');
select is((select a.account_name::text from marketing.v_accounts as a where a.platform = 'naver_ads'), 'N', 'but its name');
reset role;
select results_eq(
  'select c.user_id, c.access_token, c.refresh_token, c.token_key from marketing.account_connections as c join made as m on m.id = c.marketing_account_id',
  $$ values (9004::bigint, '\x0a'::bytea, '\x0b'::bytea, 'k2') $$, 'without tokens those that there are stay'
);
select pg_temp.act_as(9004);
create temporary table tokened on commit drop as
  select marketing.connect_account(
    9002, 'naver_ads', 'n7', 'KRW', 'Asia/Seoul', null, '\x0102ff', null, 'k', '2027-03-01 00:00Z', p_request_key => 'tokens'
  ) as id;
set local timezone = 'Pacific/Auckland';
set local bytea_output = 'escape';
select is(
  marketing.connect_account(
    9002, 'naver_ads', 'n7', 'KRW', 'Asia/Seoul', null, '\x0102ff', null, 'k', '2027-03-01 00:00Z', p_request_key => 'tokens'
  ),
  (select t.id from tokened as t), 'the same request from a session that writes instants and bytes otherwise'
);
set local timezone = 'UTC';
set local bytea_output = 'hex';
select throws_ok($$ select marketing.connect_account(9002, 'naver_ads', 'n1', 'USD', 'Asia/Seoul', p_request_key => 'key') $$, 'MP052', null, 'another request under the key');
select throws_ok($$ select marketing.connect_account(9002, 'naver_ads', 'n1', p_request_key => '') $$, 'MP051', null, 'no key');
select throws_ok($$ select marketing.connect_account(9002, 'tv', 'n1', 'KRW', 'UTC') $$, 'MM014', 'there is no platform tv', 'no platform');
select throws_ok($$ select marketing.connect_account(9002, null, 'n1') $$, 'MM004', null, 'no platform either');
select throws_ok($$ select marketing.connect_account(9002, 'naver_ads', null) $$, 'MM004', null, 'no account');
select throws_ok($$ select marketing.connect_account(9002, 'naver_ads', 'n2') $$, 'MM004', 'p_currency is null', 'a new one has a currency');
select throws_ok($$ select marketing.connect_account(9002, 'naver_ads', 'n2', 'KRW') $$, 'MM004', 'p_time_zone is null', 'and a zone');
select throws_ok($$ select marketing.connect_account(9002, 'naver_ads', 'n2', 'KRW', '+09') $$, 'MP033', null, 'that is one');
select throws_ok($$ select marketing.connect_account(9002, 'naver_ads', 'n2', 'XXX', 'UTC') $$, 'MM012', null, 'and a currency that is');
select throws_ok($$ select marketing.connect_account(9002, 'naver_ads', '', 'KRW', 'UTC') $$, 'MM012', null, 'an empty id');
select throws_ok($$ select marketing.connect_account(9002, 'naver_ads', 'n2', 'KRW', 'UTC', p_access_token => '\x01') $$, 'MM012', null, 'tokens have a key');
select throws_ok($$ select marketing.connect_account(9002, 'naver_ads', 'n2', 'KRW', 'UTC', p_user_id => 9001) $$, 'MM017', null, 'nobody connects for another');
select throws_ok($$ select marketing.connect_account(9001, 'naver_ads', 'n2', 'KRW', 'UTC') $$, 'MM001', null, 'another''s workspace');
select marketing.act_as(9002);
select throws_ok($$ select marketing.connect_account(9001, 'naver_ads', 'n2', 'KRW', 'UTC') $$, 'MM002', null, 'a user does not connect');
select marketing.act_as(null);
set local role marketing_admin;
select is(marketing.connect_account(9001, 'naver_ads', 'n1'), (select m.id from made as m), 'an operator need not say for whom');
select is(marketing.connect_account(9001, 'naver_ads', 'n1', p_user_id => 9002), (select m.id from made as m), 'or may');
select throws_ok($$ select marketing.connect_account(9001, 'naver_ads', 'n1', p_user_id => 9004) $$, 'MM017', null, 'for a member');

select * from finish();
rollback;
