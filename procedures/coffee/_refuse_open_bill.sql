create or replace function coffee._refuse_open_bill(p_subscription_id uuid)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_job_id bigint;
begin
  select j.id into v_job_id
  from coffee.billing_jobs as j
  where j.period_id in (select b.id from coffee.billing_periods as b where b.subscription_id = p_subscription_id)
    and j.status in ('waiting', 'pending', 'processing', 'retrying')
  order by j.id
  limit 1;
  if found then
    perform platform.fail('bill_open', jsonb_build_object('subscription_id', p_subscription_id, 'job_id', v_job_id));
  end if;
end;
$$;

comment on function coffee._refuse_open_bill(uuid) is $$
Refuse what needs to know whether the running period is paid while that is not decided.
p_subscription_id: the subscription, locked, so that no bill is added meanwhile.
Errors: MF027 bill_open.
$$;
