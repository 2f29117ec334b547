begin;
select plan(9);

select has_function('marketing', '_measure', array['text', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric']);
select function_returns('marketing', '_measure', array['text', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric'], 'numeric');
select volatility_is('marketing', '_measure', array['text', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric'], 'immutable');
select isnt_definer('marketing', '_measure', array['text', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric']);
select ok(not has_function_privilege('marketing_app', 'marketing._measure(text, numeric, numeric, numeric, numeric, numeric)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._measure(text, numeric, numeric, numeric, numeric, numeric)', 'execute'), 'operators may not');

select is(
  array(select marketing._measure(m.name, 1, 2, 3.5, 4.5, -5) from unnest('{impressions,clicks,cost,conversions,revenue}'::text[]) with ordinality as m (name, n) order by m.n),
  '{1,2,3.5,4.5,-5}', 'each by its name'
);
select is(marketing._measure('ctr', 1, 2, 3, 4, 5), null, 'nothing by another');
select is(marketing._measure(null, 1, 2, 3, 4, 5), null, 'or by none');

select * from finish();
rollback;
