begin;
select plan(8);

select has_function('marketing', '_watched_accounts', array['bigint', 'date']);
select volatility_is('marketing', '_watched_accounts', array['bigint', 'date'], 'stable');
select isnt_definer('marketing', '_watched_accounts', array['bigint', 'date']);
select function_privs_are('marketing', '_watched_accounts', array['bigint', 'date'], 'marketing_app', '{}');

\ir insights.psql

select results_eq(
  $$ select * from marketing._watched_accounts(null, null) order by 1 $$,
  $$
    values (9201::bigint, 'Asia/Seoul', '2026-11-17'::date), (9202, 'America/Los_Angeles', '2026-11-16')
  $$, 'each account''s yesterday'
);
select results_eq(
  $$ select marketing_account_id, day from marketing._watched_accounts(null, '2026-11-17') $$, $$ values (9201::bigint, '2026-11-17'::date) $$,
  'a day that is not over is not looked at'
);
select results_eq(
  $$ select marketing_account_id from marketing._watched_accounts(9002, '2026-11-10') $$, $$ values (9202::bigint) $$,
  'of one workspace: what it has disconnected is not looked at'
);
select is_empty($$ select from marketing._watched_accounts(9003, null) $$, 'of none');

select * from finish();
rollback;
