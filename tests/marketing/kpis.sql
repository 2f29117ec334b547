begin;
select plan(20);

select has_function('marketing', 'kpis', array['numeric', 'numeric', 'numeric', 'numeric', 'numeric']);
select function_returns('marketing', 'kpis', array['numeric', 'numeric', 'numeric', 'numeric', 'numeric'], 'marketing.kpi_set');
select volatility_is('marketing', 'kpis', array['numeric', 'numeric', 'numeric', 'numeric', 'numeric'], 'immutable');
select isnt_definer('marketing', 'kpis', array['numeric', 'numeric', 'numeric', 'numeric', 'numeric']);
select ok(has_function_privilege('marketing_app', 'marketing.kpis(numeric, numeric, numeric, numeric, numeric)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.kpis(numeric, numeric, numeric, numeric, numeric)', 'execute'), 'operators may');

select is(
  marketing.kpis(10000, 250, 500, 12.5, 1750.25),
  row(2.5, 2, 50, 5, 40, 3.5005, 250.05)::marketing.kpi_set, 'the seven, of sums'
);
select is((marketing.kpis(100000, 4, 1, 0, 0)).ctr, 0.004, 'four thousandths of a per cent are not nothing');
select is((marketing.kpis(5, 1, 1, 12, 0)).conversion_rate, 1200::numeric, 'twelve conversions of one click');
select is((marketing.kpis(3, 3, 2, 3, 1)).cpc, 0.666667, 'rounded at the sixth decimal');
select is(marketing.kpis(0, 0, 0, 0, 0), row(null, null, null, null, null, null, null)::marketing.kpi_set, 'nothing through nothing is not known');
select is(marketing.kpis(100, 0, 50, 0, 20), row(0, null, 500, null, null, 0.4, -60)::marketing.kpi_set, 'each looks at its own denominator');
select is(marketing.kpis(100, 10, null, 1, null), row(10, null, null, 10, null, null, null)::marketing.kpi_set, 'money that is not known makes none known');
select is((marketing.kpis(1, 1, 1, 1, -5)).roi, -600::numeric, 'refunds may outweigh');
select is((marketing.kpis(90000000000000000, 90000000000000000, 99999999999999, 1, 0)).ctr, 100::numeric, 'large sums do not overflow');
select is(
  (select (marketing.kpis(sum(i), sum(c), 0, 0, 0)).ctr from (values (10, 1), (10000, 100)) as d (i, c)), round(100 * 101 / 10010.0, 6),
  'T6 of a week: the ratio of the sums'
);

select is(marketing.kpis('NaN', 'Infinity', 1, 1e30, '-Infinity'), row(null, null, null, null, null, null, null)::marketing.kpi_set, 'what is no number, or larger than all there is, is not known');
select is(marketing.kpis(1e1000, 10, 1e15, 1e-30, 1e15), row(null, 1e14, null, 0, null, 1, 0)::marketing.kpi_set, 'the others are');
select is((marketing.kpis(1, 1, 0.000001, 0.000001, 1e15)).roi, 99999999999999999999900::numeric, 'the largest ratio');

select is((marketing.kpis(1, 201, 40200000000.0001, 0, 0)).cpc, 200000000.000001, 'a ratio that large is rounded twice, and the last decimal may be off by one');

select * from finish();
rollback;
