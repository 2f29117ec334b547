-- depends: 0002.platform_errors
--
-- What happens when a payment fails: when it is tried again, how long the service is kept, and what comes then. Days and hours from the
-- first failure, never months: so a plan is as long in February, and its steps can be compared.

create function platform._is_retry_plan(p_retry_after interval[], p_grace interval)
  returns boolean
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(
    bool_and(s.step is not null and s.step > s.before and date_part('year', s.step) = 0 and date_part('month', s.step) = 0), true
  )
  from (
    select u.step, lag(u.step, 1, interval '0') over (order by u.place) as before
    from (
      select r.step, r.place from unnest(p_retry_after) with ordinality as r (step, place)
      union all
      select p_grace + interval '1 microsecond', cardinality(p_retry_after) + 1
    ) as u
  ) as s
$$;

comment on function platform._is_retry_plan(interval[], interval) is $$
Whether the steps of a dunning policy are in order: above zero, each later than the one before, none later than the grace, none null, and
none in months or years.
p_retry_after: the retries, since the first failure.
p_grace: the grace, since the first failure.
Returns: boolean.
$$;

create table platform.dunning_policies (
  name         text not null,
  description  text not null,
  retry_after  interval[] not null,
  grace        interval not null,
  final_action text not null,
  constraint dunning_policies_pkey primary key (name),
  constraint dunning_policies_name_check check (name ~ '^[a-z][a-z0-9_]*$'),
  constraint dunning_policies_retry_after_check check (platform._is_retry_plan(retry_after, grace)),
  constraint dunning_policies_final_action_check check (final_action in ('cancel', 'unpaid', 'leave'))
);

comment on table platform.dunning_policies is
  'What is done about payments that fail, by name; platform.plan_retry reads it. Systems add rows of their own.';
comment on column platform.dunning_policies.name is 'What subscriptions or plans refer to.';
comment on column platform.dunning_policies.description is 'For people.';
comment on column platform.dunning_policies.retry_after is
  'When a charge is tried again, each counted from the first failure, in ascending order: as many automatic retries as there are elements. Empty: none.';
comment on column platform.dunning_policies.grace is
  'How long the service is kept, from the first failure. When it is over, final_action is due; the last retry is not later.';
comment on column platform.dunning_policies.final_action is
  'cancel: the subscription ends. unpaid: it stays, without service and without further bills, until it is paid. leave: it stays past due.';

insert into platform.dunning_policies (name, description, retry_after, grace, final_action)
values
  (
    'default', 'Four retries within two weeks, access all that time, then the subscription ends.',
    '{1 day,3 days,7 days,13 days}', '14 days', 'cancel'
  ),
  ('patient', 'Five retries within four weeks, then the subscription waits for its payment.', '{1 day,3 days,7 days,14 days,27 days}', '28 days', 'unpaid'),
  ('strict', 'No retry and no grace: what is not paid ends at once.', '{}', '0', 'cancel');
