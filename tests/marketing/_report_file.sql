begin;
select plan(8);

select has_function('marketing', '_report_file', array['bigint', 'bigint', 'date', 'date', 'integer']);
select function_returns('marketing', '_report_file', array['bigint', 'bigint', 'date', 'date', 'integer'], 'text');
select volatility_is('marketing', '_report_file', array['bigint', 'bigint', 'date', 'date', 'integer'], 'stable');
select isnt_definer('marketing', '_report_file', array['bigint', 'bigint', 'date', 'date', 'integer']);
select function_privs_are('marketing', '_report_file', array['bigint', 'bigint', 'date', 'date', 'integer'], 'marketing_app', '{}');
select function_privs_are('marketing', '_report_file', array['bigint', 'bigint', 'date', 'date', 'integer'], 'marketing_admin', '{}');

select is(
  marketing._report_file(3, 17, '2026-11-01', '2026-11-30', 2), 'workspace-3/report-17/report-17_2026-11-01_2026-11-30_2', 'folders, days, attempt'
);
set local datestyle = 'German';
select is(
  marketing._report_file(3, 17, '2026-11-01', '2026-11-30', 2), 'workspace-3/report-17/report-17_2026-11-01_2026-11-30_2', 'whatever the session writes'
);

select * from finish();
rollback;
