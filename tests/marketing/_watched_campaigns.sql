begin;
select plan(6);

select has_function('marketing', '_watched_campaigns', array['bigint', 'date']);
select volatility_is('marketing', '_watched_campaigns', array['bigint', 'date'], 'stable');
select isnt_definer('marketing', '_watched_campaigns', array['bigint', 'date']);
select function_privs_are('marketing', '_watched_campaigns', array['bigint', 'date'], 'marketing_app', '{}');

\ir insights.psql

update marketing.campaigns set status = 'paused' where id = 9302;
update marketing.campaigns set status = 'ended' where id = 9303;
update marketing.campaigns set deleted_at = '2026-11-01' where id = 9304;
update marketing.campaigns set start_date = '2026-11-18' where id = 9305;
update marketing.campaigns set start_date = '2026-11-17', end_date = '2026-11-17' where id = 9306;
update marketing.campaigns set end_date = '2026-11-16' where id = 9307;
select results_eq(
  $$ select campaign_id, marketing_account_id, day from marketing._watched_campaigns(9001, null) order by 1 $$,
  $$
    values (9301::bigint, 9201::bigint, '2026-11-17'::date), (9306, 9201, '2026-11-17'), (9308, 9201, '2026-11-17')
  $$, 'those that run: not paused, ended, deleted, to come or over'
);
select is((select count(*) from marketing._watched_campaigns(null, null)), 4::bigint, 'of all workspaces');

select * from finish();
rollback;
