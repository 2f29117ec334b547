begin;
select plan(8);

select has_function('marketing', '_cover_months', array['date', 'date']);
select function_returns('marketing', '_cover_months', array['date', 'date'], 'bigint');
select volatility_is('marketing', '_cover_months', array['date', 'date'], 'volatile');
select isnt_definer('marketing', '_cover_months', array['date', 'date']);

select is(marketing._cover_months('2019-01-15', '2019-03-01'), 9::bigint, 'three months of three tables');
select is(marketing._cover_months('2019-02-01', '2019-03-31'), 0::bigint, 'once');
select ok(to_regclass('marketing.campaign_metrics_2019_02') is not null, 'by the names of the partition manager');
select is(marketing._cover_months('2000-01-01', '2010-12-31'), 180::bigint, 'no more than sixty');

select * from finish();
rollback;
