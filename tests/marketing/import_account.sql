begin;
select plan(18);

select has_function('marketing', 'import_account', array['text', 'text', 'text', 'text', 'text']);
select function_returns('marketing', 'import_account', array['text', 'text', 'text', 'text', 'text'], 'setof record');
select volatility_is('marketing', 'import_account', array['text', 'text', 'text', 'text', 'text'], 'volatile');
select is_definer('marketing', 'import_account', array['text', 'text', 'text', 'text', 'text']);
select ok(not has_function_privilege('marketing_app', 'marketing.import_account(text, text, text, text, text)', 'execute'), 'applications may not call it');
select ok(has_function_privilege('marketing_admin', 'marketing.import_account(text, text, text, text, text)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.import_account(text, text, text, text, text)', 'execute'), 'readers may not');

\ir team.psql

set local role marketing_admin;
select results_eq(
  $$ select a.currency, a.time_zone, a.currencies @> '{KRW,USD}' from marketing.import_account('google_ads', '111-222') as a $$, $$ values ('KRW', 'Asia/Seoul', true) $$, 'what is known'
);
select is_empty($$ select marketing.import_account('google_ads', 'nobody') $$, 'nothing is');
select results_eq($$ select a.currency from marketing.import_account('naver_ads', 'n1', 'Team', 'KRW', 'Asia/Seoul') as a $$, $$ values ('KRW') $$, 'one that is connected on the way');
select results_eq($$ select a.currency from marketing.import_account('naver_ads', 'n1', '9002') as a $$, $$ values ('KRW') $$, 'with another workspace, by its id');
reset role;
select is((select count(*) from marketing.account_connections as c join marketing.marketing_accounts as a on a.id = c.marketing_account_id where a.account_id = 'n1'), 2::bigint, 'both have it');
set local role marketing_admin;
select throws_ok($$ select marketing.import_account('naver_ads', 'n2', 'Team') $$, 'MM004', null, 'a new one has a currency');
select throws_ok($$ select marketing.import_account('naver_ads', 'n1', 'Team', 'USD') $$, 'MM013', null, 'one that is known keeps it');
select throws_ok($$ select marketing.import_account('naver_ads', 'n1', 'Nobody') $$, 'MM058', 'there is no workspace ''Nobody'', or more than one', 'no workspace');
select throws_ok($$ select marketing.import_account('google_ads', '111222', 'Team', 'KRW', 'Asia/Seoul') $$,
  'MM059', 'google_ads account 111222 is not known, and 111-222 is', 'one that is known by another writing');
select throws_ok($$ select marketing.import_account('naver_ads', 'act_N-1') $$, 'MM059', null, 'whether it is to be connected or not');
select is_empty($$ select marketing.import_account('google_ads', '--') $$, 'nothing but punctuation is like nothing');

select * from finish();
rollback;
