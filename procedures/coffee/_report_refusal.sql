create or replace function coffee._report_refusal(p_subscription_id uuid, p_as_of timestamptz, p_sqlstate text, p_problem text)
  returns void
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  select platform.enqueue_task(
    'coffee.billing_refused',
    jsonb_build_object('subscription_id', s.id, 'period', s.next_period, 'as_of', p_as_of, 'sqlstate', p_sqlstate, 'problem', p_problem),
    format('%s:%s:%s', s.id, s.next_period, p_sqlstate)
  )
  from coffee.coffee_subscriptions as s
  where s.id = p_subscription_id
$$;

comment on function coffee._report_refusal(uuid, timestamptz, text, text) is $$
Tell people of a subscription that cannot be billed: a task of the topic coffee.billing_refused, once for each period and problem.
p_subscription_id: the subscription.
p_as_of: until when was billed.
p_sqlstate: the error.
p_problem: its message.
$$;
