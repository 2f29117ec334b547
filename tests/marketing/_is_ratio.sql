begin;
select plan(5);

select has_function('marketing', '_is_ratio', array['text']);
select volatility_is('marketing', '_is_ratio', array['text'], 'immutable');
select isnt_definer('marketing', '_is_ratio', array['text']);
select function_privs_are('marketing', '_is_ratio', array['text'], 'marketing_app', '{}');
select results_eq(
  $$ select m from unnest('{impressions,clicks,cost,conversions,revenue,likes,shares,comments,saves,ctr,conversion_rate,cpc,cpm,cpa,roas,roi}'::text[]) as m where marketing._is_ratio(m) order by m $$,
  $$ values ('conversion_rate'), ('cpa'), ('cpc'), ('cpm'), ('ctr'), ('roas'), ('roi') $$,
  'these are'
);

select * from finish();
rollback;
