begin;
select plan(9);

select has_function('marketing', '_report_metrics', array[]::text[]);
select function_returns('marketing', '_report_metrics', array[]::text[], 'text[]');
select volatility_is('marketing', '_report_metrics', array[]::text[], 'immutable');
select isnt_definer('marketing', '_report_metrics', array[]::text[]);
select function_privs_are('marketing', '_report_metrics', array[]::text[], 'marketing_app', '{}');
select function_privs_are('marketing', '_report_metrics', array[]::text[], 'marketing_admin', '{}');

select is(
  (marketing._report_metrics())[:12],
  '{impressions,clicks,ctr,cost,cpc,cpm,conversions,conversion_rate,cpa,revenue,roas,roi}', 'those that a report has unless it is told'
);
select is((marketing._report_metrics())[13:], '{likes,shares,comments,saves}', 'and those that it may have');
select is_empty(
  $$
    select m.name
    from unnest(marketing._report_metrics()) as m (name)
    where m.name <> all (select unnest(p.proargnames) from pg_proc as p where p.oid = 'marketing.performance'::regproc)
  $$, 'marketing.performance has them all'
);

select * from finish();
rollback;
