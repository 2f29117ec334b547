begin;
select plan(7);
\ir shop.psql

select has_trigger('coffee', 'billing_jobs', 'billing_jobs_period', 'billing_jobs_period');
select function_returns('coffee', '_billing_jobs_period', array[]::text[], 'trigger');
select isnt_definer('coffee', '_billing_jobs_period', array[]::text[]);
set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as
select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id,
  coffee.subscribe('f0000000-0000-0000-0000-0000000000a2', -1, '{"street": "1"}') as other;
insert into coffee.billing_periods (subscription_id, period_index, period, amount, value)
select s.id, 0, '[2031-01-01, 2031-02-01)', 10, 10 from s;
create function pg_temp.add(p_subscription uuid, p_period bigint) returns void language sql as $$
  insert into coffee.billing_jobs (subscription_id, period_id, amount, due_date) values ($1, $2, 10, '2031-01-01')
$$;
select throws_ok(
  'select pg_temp.add(s.other, b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id', 'MF058', null,
  'the period of another subscription'
);
select throws_ok('select pg_temp.add(s.id, -1) from s', 'MF058', 'subscription ' || (select s.id from s) || ' has no period -1 (billing_jobs)', 'a period that is not there');
select throws_ok(
  'insert into coffee.billing_jobs (subscription_id, period_id, amount, due_date) select s.id, p.id, 10, $$2031-01-01$$ '
  'from s join coffee.billing_periods as b on b.subscription_id = s.id cross join lateral (values (b.id), (-1)) as p (id)',
  'MF058', null, 'one of many'
);
select lives_ok(
  'select pg_temp.add(s.id, b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id', 'its own'
);

select * from finish();
rollback;
