begin;
select plan(9);

select has_function('marketing', 'read_tokens', array['bigint']);
select function_returns('marketing', 'read_tokens', array['bigint'], 'setof record');
select volatility_is('marketing', 'read_tokens', array['bigint'], 'stable');
select is_definer('marketing', 'read_tokens', array['bigint']);
select ok(not has_function_privilege('marketing_app', 'marketing.read_tokens(bigint)', 'execute'), 'applications may not call it');
select ok(has_function_privilege('marketing_admin', 'marketing.read_tokens(bigint)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.read_tokens(bigint)', 'execute'), 'readers may not');

\ir team.psql

insert into marketing.account_connections (workspace_id, marketing_account_id, access_token, token_key, token_expires_at)
values (9002, 9001, '\x02', 'k2', '2027-07-01 00:00+00');
set local role marketing_admin;
select results_eq(
  'select t.workspace_id, t.access_token, t.token_key from marketing.read_tokens(9001) as t',
  $$ values (9002::bigint, '\x02'::bytea, 'k2'), (9001, '\x01', 'k1') $$, 'the longest valid first'
);
select is_empty('select * from marketing.read_tokens(9002)', 'none where there are none');

select * from finish();
rollback;
