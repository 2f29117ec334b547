begin;
select plan(10);

\ir archive.psql

select has_function('marketing', 'drain_facts', array['text'], 'it exists');
select volatility_is('marketing', 'drain_facts', array['text'], 'volatile', 'it is volatile');
select is_definer('marketing', 'drain_facts', array['text'], 'whose rights it has');
select function_privs_are('marketing', 'drain_facts', array['text'], 'marketing_app', '{}', 'applications do not call it');
select function_privs_are('marketing', 'drain_facts', array['text'], 'marketing_admin', '{EXECUTE}', 'operators do, or nobody');

do $$ begin while marketing.drain_facts('campaign_metrics') > 0 loop end loop; end $$;
select is(marketing.drain_facts('campaign_metrics'), 0::bigint, 'there is nothing to do');
set local session_replication_role = replica;
insert into marketing.campaign_metrics (campaign_id, date, created_at, updated_at)
values (9001, '2019-05-05', now(), now()), (9001, '2019-05-06', now(), now());
reset session_replication_role;
set local role marketing_admin;
select is(marketing.drain_facts('campaign_metrics'), 3::bigint, 'a month is made and its rows move there');
reset role;
select is((select count(*) from marketing.campaign_metrics_2019_05), 2::bigint, 'they are there');
select throws_ok('select marketing.drain_facts(null)', 'MM004', 'p_table is null', 'which table');
select throws_ok($$ select marketing.drain_facts('campaigns') $$, 'MM005', 'p_table campaigns is not accepted: its rows are not archived', 'another table');

select * from finish();
rollback;
