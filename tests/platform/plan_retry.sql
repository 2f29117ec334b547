begin;
select plan(27);

create role tap_nobody;

select has_function('platform', 'plan_retry', array['text', 'integer', 'timestamp with time zone', 'timestamp with time zone', 'boolean']);
select function_returns(
  'platform', 'plan_retry', array['text', 'integer', 'timestamp with time zone', 'timestamp with time zone', 'boolean'], 'record'
);
select volatility_is(
  'platform', 'plan_retry', array['text', 'integer', 'timestamp with time zone', 'timestamp with time zone', 'boolean'], 'stable'
);
select isnt_definer('platform', 'plan_retry', array['text', 'integer', 'timestamp with time zone', 'timestamp with time zone', 'boolean']);
select function_privs_are(
  'platform', 'plan_retry', array['text', 'integer', 'timestamp with time zone', 'timestamp with time zone', 'boolean'], 'tap_nobody', '{}',
  'applications do not call it'
);

insert into platform.dunning_policies (name, description, retry_after, grace, final_action)
values ('tap', 'test', '{6 hours,2 days,5 days}', '7 days', 'unpaid');

set local time zone 'America/New_York';  -- which changes its clocks on 14 March

select results_eq(
  format(
    $$
      select r.next_attempt_at, r.grace_until, r.is_final, r.final_action
      from platform.plan_retry('tap', %s, '2027-03-13 00:00+00', %L, %L) as r
    $$, t.failures, t.at, t.is_hard
  ),
  format(
    $$ values (%L::timestamptz, '2027-03-20 00:00+00'::timestamptz, %L::boolean, 'unpaid') $$, t.next_attempt_at, t.next_attempt_at is null
  ),
  t.description
)
from (
  values
    (1, 1, '2027-03-13 00:00+00', false, '2027-03-13 06:00+00', 'the first retry'),
    (2, 2, '2027-03-13 06:00+00', false, '2027-03-15 00:00+00', 'the second: a day is 24 hours'),
    (3, 2, '2027-03-13 06:10+00', false, '2027-03-15 00:00+00', 'from the first failure, not from this one'),
    (4, 3, '2027-03-15 00:00+00', false, '2027-03-18 00:00+00', 'the third'),
    (5, 4, '2027-03-18 00:00+00', false, null, 'there is no fourth: it ends with the grace'),
    (6, 9, '2027-03-18 00:00+00', false, null, 'nor a tenth, after attempts by hand'),
    (7, 1, '2027-03-13 00:00+00', true, null, 'a hard decline is not tried again'),
    (8, 2, '2027-03-15 00:00+00', true, null, 'at no time'),
    (9, 1, '2027-03-14 00:00+00', false, '2027-03-15 00:00+00', 'a retry that was missed is left out'),
    (10, 1, '2027-03-18 00:00+00', false, null, 'all of them'),
    (11, 3, '2027-03-13 01:00+00', false, '2027-03-18 00:00+00', 'attempts by hand use retries up'),
    (12, 1, '2027-04-01 00:00+00', false, null, 'after the grace there is none')
) as t (place, failures, at, is_hard, next_attempt_at, description)
order by t.place;

select results_eq(
  $$ select r.* from platform.plan_retry('strict', 1, '2027-03-13 00:00+00', '2027-03-13 00:00+00') as r $$,
  $$ values (null::timestamptz, '2027-03-13 00:00+00'::timestamptz, true, 'cancel') $$,
  'without retries and grace the end has come'
);

select throws_ok(
  $$ select platform.plan_retry('tap_none', 1, now(), now()) $$, 'MP060', 'there is no dunning policy tap_none', 'a policy has a name'
);
select throws_ok(
  format('select platform.plan_retry(''tap'', %L, ''2027-03-13 00:00+00'', %L, %L)', t.failures, t.at, t.is_hard), 'MP061',
  null, t.description
)
from (
  values
    (1, '0', '2027-03-13 00:00+00', 'f', 'what has not failed needs no retry'),
    (2, '1', '2027-03-12 00:00+00', 'f', 'nothing fails before it has failed first'),
    (3, null, '2027-03-13 00:00+00', 'f', 'the number is needed'),
    (4, '1', null, 'f', 'and the time'),
    (5, '1', '2027-03-13 00:00+00', null, 'and how bad it was')
) as t (place, failures, at, is_hard, description)
order by t.place;

-- Every policy that comes with the schema, each retry failing on time: all retries are used, and all lie within the grace.
select results_eq(
  $$
    with recursive attempts as (
      select d.name, 1 as failures, timestamptz '2027-01-31 12:00+00' as at from platform.dunning_policies as d
      union all
      select a.name, a.failures + 1, r.next_attempt_at
      from attempts as a
      cross join lateral platform.plan_retry(a.name, a.failures, '2027-01-31 12:00+00', a.at) as r
      where not r.is_final
    )
    select a.name, max(a.failures), bool_and(a.at <= r.grace_until)
    from attempts as a
    cross join lateral platform.plan_retry(a.name, a.failures, '2027-01-31 12:00+00', a.at) as r
    group by a.name
    order by a.name
  $$,
  $$ select d.name, cardinality(d.retry_after) + 1, true from platform.dunning_policies as d order by d.name $$,
  'a retry for each element, none after the grace'
);
select is_empty(
  $$
    select g.seconds
    from generate_series(0, 8 * 86400, 600) as g (seconds)
    cross join generate_series(1, 4) as f (failures)
    cross join lateral (select timestamptz '2027-03-13 00:00+00' + make_interval(secs => g.seconds) as at) as t
    cross join lateral platform.plan_retry('tap', f.failures, '2027-03-13 00:00+00', t.at) as r
    where r.next_attempt_at is distinct from (
      select min(s.hours * interval '1 hour' + timestamptz '2027-03-13 00:00+00')
      from (values (1, 6), (2, 48), (3, 120)) as s (place, hours)
      where s.place >= f.failures and s.hours * 3600 > g.seconds
    )
  $$,
  'at any time it is the first retry that is left and still to come'
);

select throws_ok(
  $$ insert into platform.dunning_policies (name, description, retry_after, grace, final_action) values ('tap_x', '', '{}', '0', 'forget') $$,
  '23514', 'new row for relation "dunning_policies" violates check constraint "dunning_policies_final_action_check"',
  'there are three ends'
);

select * from finish();
rollback;
