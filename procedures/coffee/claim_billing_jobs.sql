-- The key that goes to the gateway changes only when a decline was recorded. A worker that died in the middle of a charge is followed by
-- another with the same key, and the gateway answers with the charge that it has made, instead of making a second one.

create or replace function coffee.claim_billing_jobs(
  p_limit integer default 1,
  p_lease interval default '5 minutes',
  p_worker text default null
)
  returns table (
    job_id bigint,
    lease_token uuid,
    attempt integer,
    amount numeric,
    currency text,
    user_id uuid,
    subscription_id uuid,
    idempotency_key text,
    due_date timestamptz
  )
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_now timestamptz := platform.now();
begin
  if (p_lease > '0' and p_lease <= '30 days') is not true then
    perform platform.fail('lease_invalid', jsonb_build_object('lease', p_lease));
  end if;

  return query
  with due as (
    select j.id, j.next_attempt_at, j.attempts
    from coffee.billing_jobs as j
    where j.status in ('pending', 'processing', 'retrying') and j.next_attempt_at <= v_now
    order by j.next_attempt_at, j.id
    limit greatest(p_limit, 0)
    for no key update skip locked
  ), lost as (
    update coffee.charge_attempts as a
    set result = 'unknown', finished_at = v_now
    from due as d
    where a.job_id = d.id and a.attempt = d.attempts and a.result is null
  ), claimed as (
    update coffee.billing_jobs as j
    set status = 'processing',
      attempts = j.attempts + 1,
      next_attempt_at = v_now + p_lease,
      lease_token = gen_random_uuid(),
      worker = p_worker,
      updated_at = v_now
    from due as d
    where j.id = d.id
    returning j.*, d.next_attempt_at as due_at
  ), started as (
    insert into coffee.charge_attempts (job_id, attempt, lease_token, started_at)
    select c.id, c.attempts, c.lease_token, v_now
    from claimed as c
  )
  select
    c.id, c.lease_token, c.attempts, c.amount, c.currency, s.user_id, c.subscription_id,
    format('coffee-%s-%s', c.id, c.failures), c.due_date
  from claimed as c
  join coffee.coffee_subscriptions as s on s.id = c.subscription_id
  order by c.due_at, c.id;
end;
$$;

comment on function coffee.claim_billing_jobs(integer, interval, text) is $$
Take charges that are to be made, on lease: nobody else gets them until it ends. Call it in a transaction of its own, commit at once,
charge, then coffee.record_charge_result. A worker that dies loses its leases, and the charges are claimed again.
p_limit: how many at most.
p_lease: for how long, 30 days at most; longer than the gateway takes to answer or to give up.
p_worker: who claims them, for people to read.
Returns: the charges, the longest due first: job_id, lease_token (to be given back), attempt (1 for the first), amount, currency,
user_id, subscription_id, idempotency_key (pass it on to the gateway: it is the same until a decline was recorded), due_date. Fewer than
p_limit, or none, when there are not more, or when others are claiming at the same moment.
Errors: MP057 lease_invalid.
Locks: the rows of the billing jobs; those that are locked are passed over.
Source: specification 000, process_monthly_billing: the call of the external service.
$$;
