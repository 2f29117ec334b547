-- Security definer, because whoever may write the guarded table must not need the right to read platform's, and must get the error
-- that says what is wrong. A column named status is read directly: turning the row into jsonb costs more than all the rest.

create or replace function platform.check_transition()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_machine constant text := tg_argv[0];
  v_from    text := '';
  v_to      text;
begin
  if tg_argv[1] = 'status' then
    v_to := new.status;
    if tg_op = 'UPDATE' then
      v_from := old.status;
    end if;
  else
    v_to := to_jsonb(new) ->> tg_argv[1];
    if tg_op = 'UPDATE' then
      v_from := to_jsonb(old) ->> tg_argv[1];
    end if;
  end if;

  if v_from is distinct from v_to
    and not exists (
      select
      from platform.transitions as t
      where t.machine = v_machine and t.from_state = v_from and t.to_state = v_to
    )
  then
    perform platform.fail('transition_refused', jsonb_build_object('machine', v_machine, 'from', v_from, 'to', v_to));
  end if;

  return new;
end;
$$;

comment on function platform.check_transition() is $$
Trigger function, before insert or update for each row: refuses a state that platform.transitions does not lead to. On insert the
state before is ''. Staying in the same state passes. With a `when` clause rows that need no look are not charged for the call:
  create or replace trigger orders_status before update on shop.orders
    for each row when (old.status is distinct from new.status)
    execute function platform.check_transition('shop.orders', 'status');
  create or replace trigger orders_status_insert before insert on shop.orders
    for each row when (new.status <> 'NEW')
    execute function platform.check_transition('shop.orders', 'status');
First argument: the machine.
Second argument: the column that holds the state; status is the quickest.
Returns: the new row.
Errors: MP050 transition_refused (machine, from, to in the detail).
$$;
