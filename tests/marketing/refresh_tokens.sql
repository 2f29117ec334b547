begin;
select plan(14);

select has_function('marketing', 'refresh_tokens', array['bigint', 'bigint', 'bytea', 'text', 'timestamp with time zone', 'bytea']);
select function_returns('marketing', 'refresh_tokens', array['bigint', 'bigint', 'bytea', 'text', 'timestamp with time zone', 'bytea'], 'void');
select volatility_is('marketing', 'refresh_tokens', array['bigint', 'bigint', 'bytea', 'text', 'timestamp with time zone', 'bytea'], 'volatile');
select is_definer('marketing', 'refresh_tokens', array['bigint', 'bigint', 'bytea', 'text', 'timestamp with time zone', 'bytea']);
select ok(has_function_privilege('marketing_app', 'marketing.refresh_tokens(bigint, bigint, bytea, text, timestamp with time zone, bytea)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.refresh_tokens(bigint, bigint, bytea, text, timestamp with time zone, bytea)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.refresh_tokens(bigint, bigint, bytea, text, timestamp with time zone, bytea)', 'execute'), 'readers may not');

\ir team.psql

select pg_temp.act_as(9001);
select marketing.refresh_tokens(9001, 9001, '\x0c', 'k9', '2027-07-01 00:00+00', '\x0d');
select marketing.refresh_tokens(9001, 9001, '\x0e', 'k9');
reset role;
select results_eq(
  'select c.access_token, c.refresh_token, c.token_key, c.token_expires_at from marketing.account_connections as c where c.marketing_account_id = 9001',
  $$ values ('\x0e'::bytea, '\x0d'::bytea, 'k9', null::timestamptz) $$, 'the refresh token stays unless another is given'
);
select pg_temp.act_as(9001);
select throws_ok($$ select marketing.refresh_tokens(9001, 9001, null, 'k') $$, 'MM004', 'p_access_token is null', 'no token');
select throws_ok($$ select marketing.refresh_tokens(9001, 9001, '\x01', null) $$, 'MM004', 'p_token_key is null', 'no key');
select throws_ok($$ select marketing.refresh_tokens(9001, 9003, '\x01', 'k') $$, 'MM018', null, 'another''s account');
select throws_ok($$ select marketing.refresh_tokens(9002, 9003, '\x01', 'k') $$, 'MM001', null, 'another''s workspace');
select marketing.act_as(9002);
select throws_ok($$ select marketing.refresh_tokens(9001, 9001, '\x01', 'k') $$, 'MM002', null, 'a user does not');
select marketing.act_as(null);
set local role marketing_admin;
select lives_ok($$ select marketing.refresh_tokens(9001, 9001, '\x01', 'k') $$, 'the worker does');

select * from finish();
rollback;
