begin;
select plan(14);

select has_function('marketing', '_read_rates', array['jsonb']);
select function_returns('marketing', '_read_rates', array['jsonb'], 'setof record');
select volatility_is('marketing', '_read_rates', array['jsonb'], 'stable');
select isnt_definer('marketing', '_read_rates', array['jsonb']);
select ok(not has_function_privilege('marketing_app', 'marketing._read_rates(jsonb)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._read_rates(jsonb)', 'execute'), 'operators may not');

create function pg_temp.problems(p_rows jsonb) returns text[] language sql as $$
  select array_agg(r.index || ': ' || coalesce(r.problem, 'none') order by r.index) from marketing._read_rates(p_rows) as r
$$;
select results_eq(
  $$ select r.index, r.base, r.quote, r.date, r.rate, r.source, r.problem from marketing._read_rates('[{"base": "USD", "quote": "KRW", "date": "2026-02-28", "rate": "1385.500000000000000001", "source": "x"}]') as r $$,
  $$ values (0, 'USD', 'KRW', date '2026-02-28', 1385.500000000000000001, 'x', null::text) $$, 'as it was given'
);
select is(pg_temp.problems('[]'), null, 'nothing');
select is(
  pg_temp.problems('[1, "USD", null, [], {}]'),
  '{"0: it is not an object","1: it is not an object","2: it is not an object","3: it is not an object","4: base is a currency of platform.currencies"}', 'no rates'
);
select is(
  pg_temp.problems('[{"base": "usd", "quote": "KRW"}, {"base": "USD", "quote": "XXX"}, {"base": "USD", "quote": "USD"}, {"base": {}, "quote": "USD"}]'),
  '{"0: base is a currency of platform.currencies","1: quote is a currency of platform.currencies","2: base and quote are different","3: base is a currency of platform.currencies"}', 'no pairs'
);
select is(
  (select array_agg(distinct r.problem) from unnest('{2026-02-30,2026-13-01,20260301,1899-12-31,3000-01-01,infinity,"",2026-3-1,tomorrow}'::text[]) as d (day)
   cross join lateral marketing._read_rates(jsonb_build_array(jsonb_build_object('base', 'USD', 'quote', 'KRW', 'date', d.day, 'rate', 1))) as r),
  '{"date is YYYY-MM-DD, from 1900-01-01 to 2999-12-31"}', 'no days'
);
select is(
  (select array_agg(distinct r.problem) from unnest('{0,-1,1e3,NaN,Infinity,1.0000000000000000001,1234567890123456789,"",x,"1,400",0.000}'::text[]) as v (rate)
   cross join lateral marketing._read_rates(jsonb_build_array(jsonb_build_object('base', 'USD', 'quote', 'KRW', 'date', '2026-03-01', 'rate', v.rate))) as r),
  '{"rate is a number from 0.000000001 to 1000000000 with up to 18 digits after the point"}', 'no rates'
);
select is(pg_temp.problems('[{"base": "USD", "quote": "KRW", "date": "2026-03-01"}, {"base": "EUR", "quote": "KRW", "date": "2024-02-29", "rate": null}]'), '{"0: rate is missing; null takes it away","1: none"}', 'none given is not the same as null');
select is(
  pg_temp.problems('[{"base": "USD", "quote": "KRW", "date": "2026-03-01", "rate": 1}, {"base": "KRW", "quote": "USD", "date": "2026-03-01", "rate": 1}, {"base": "USD", "quote": "KRW", "date": "2026-03-01", "rate": 1}]'),
  '{"0: the rate of this day is given twice","1: none","2: the rate of this day is given twice"}', 'twice'
);

select * from finish();
rollback;
