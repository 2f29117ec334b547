create or replace function coffee._keep_billed()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op <> 'INSERT' then
    perform coffee._refuse_billed_period(old.subscription_id, (to_jsonb(old) ->> tg_argv[0])::integer);
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  perform coffee._refuse_billed_period(new.subscription_id, (to_jsonb(new) ->> tg_argv[0])::integer);
  return new;
end;
$$;

comment on function coffee._keep_billed() is $$
Trigger function: what was said about periods that have been billed stays as it was.
Argument: the column that has the period's number.
Returns: the row that is written.
Errors: MF025 period_billed.
$$;
