-- What a foreign key on (period_id, subscription_id) would say, for a quarter of its price: all rows of a statement in one query, and no
-- lock on the period. It can, because a period is never deleted and changes neither its id nor its subscription
-- (triggers/coffee/billing_periods_keep.sql): once there, it is there. The scalar query, rather than a join, is one look at the primary
-- key for each row, however the table has grown since the plan was made.

create or replace function coffee._billing_jobs_period()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_period_id       bigint;
  v_subscription_id uuid;
begin
  select n.period_id, n.subscription_id into v_period_id, v_subscription_id
  from added as n
  where (select b.subscription_id from coffee.billing_periods as b where b.id = n.period_id) is distinct from n.subscription_id
  limit 1;
  if found then
    perform platform.fail('billing_period_unknown', jsonb_build_object(
      'table', tg_table_name, 'period_id', v_period_id, 'subscription_id', v_subscription_id
    ));
  end if;
  return null;
end;
$$;

comment on function coffee._billing_jobs_period() is $$
Trigger function, after the insert of rows with a period_id and a subscription_id, which it finds as added: refuses those whose
period is not there or belongs to another subscription.
Returns: null (after trigger).
Errors: MF058 billing_period_unknown.
$$;

create or replace trigger billing_jobs_period
  after insert on coffee.billing_jobs
  referencing new table as added
  for each statement
  execute function coffee._billing_jobs_period();
