begin;
select plan(8);

select has_function('marketing', '_metric', array['text', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric']);
select volatility_is('marketing', '_metric', array['text', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric'], 'immutable');
select isnt_definer('marketing', '_metric', array['text', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric']);
select function_privs_are('marketing', '_metric', array['text', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric'], 'marketing_app', '{}');

-- 2000 impressions, 40 clicks, 8000 spent, 4 conversions, 24000 earned, 5 likes, 6 shares, 7 comments, 8 saves
select results_eq(
  $$
    select m.metric, trim_scale(marketing._metric(m.metric, 2000, 40, 8000, 4, 24000, 5, 6, 7, 8))
    from unnest('{impressions,clicks,cost,conversions,revenue,likes,shares,comments,saves}'::text[]) with ordinality as m (metric, n)
    order by m.n
  $$,
  $$
    values ('impressions', 2000::numeric), ('clicks', 40), ('cost', 8000), ('conversions', 4), ('revenue', 24000), ('likes', 5),
      ('shares', 6), ('comments', 7), ('saves', 8)
  $$,
  'sums by their names'
);
select results_eq(
  $$
    select m.metric, trim_scale(marketing._metric(m.metric, 2000, 40, 8000, 4, 24000, 5, 6, 7, 8))
    from unnest('{ctr,conversion_rate,cpc,cpm,cpa,roas,roi}'::text[]) with ordinality as m (metric, n)
    order by m.n
  $$,
  $$ values ('ctr', 2::numeric), ('conversion_rate', 10), ('cpc', 200), ('cpm', 4000), ('cpa', 2000), ('roas', 3), ('roi', 200) $$,
  'ratios of the sums'
);
select is(marketing._metric('cpa', 10, 1, 5, 0, 0, 0, 0, 0, 0), null, 'no denominator, no ratio');
select is(marketing._metric('reach', 10, 1, 5, 0, 0, 0, 0, 0, 0), null, 'no such metric');

select * from finish();
rollback;
