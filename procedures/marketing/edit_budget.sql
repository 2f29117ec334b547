-- What can be changed is named here and not by column: an amount is of a day or of the whole, and the rest of a row is the database's.

create or replace function marketing.edit_budget(p_budget_id bigint, p_changes jsonb)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_old     marketing.budgets;
  v_new     marketing.budgets;
  v_amount  numeric;
  v_problem text;
  v_name    text;
begin
  if jsonb_typeof(p_changes) is distinct from 'object' then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_changes', 'value', p_changes, 'problem', 'it is no JSON object'
    ));
  end if;
  v_old := marketing._lock_budget(p_budget_id);
  select string_agg(k.name, ', ' order by k.name) into v_name
  from jsonb_object_keys(p_changes) as k (name)
  where k.name not in ('name', 'amount', 'start_date', 'end_date', 'pacing', 'alert_threshold');
  if v_name is not null then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_changes', 'value', v_name, 'problem', 'no such term of a budget is changed'
    ));
  end if;
  v_problem := marketing._find_malformed(
    p_changes, '{"amount": "number", "alert_threshold": "number", "start_date": "date", "end_date": "date"}'
  );
  if v_problem is not null then
    perform platform.fail('budget_invalid', jsonb_build_object('problem', v_problem, 'constraint', null));
  end if;

  begin
    v_new := jsonb_populate_record(v_old, p_changes);
    v_amount := case when p_changes ? 'amount' then (p_changes ->> 'amount')::numeric else coalesce(v_old.daily_amount, v_old.total_amount) end;
    v_new.total_amount := marketing._total_of(v_amount, v_old.period_type, v_new.start_date, v_new.end_date, v_old.currency);
    if v_old.daily_amount is not null then
      v_new.daily_amount := v_amount;
    end if;

    update marketing.budgets as b
    set name = v_new.name,
      total_amount = v_new.total_amount,
      daily_amount = v_new.daily_amount,
      start_date = v_new.start_date,
      end_date = v_new.end_date,
      pacing = v_new.pacing,
      alert_threshold = v_new.alert_threshold
    where b.id = p_budget_id;
  exception
    when data_exception or integrity_constraint_violation then
      get stacked diagnostics v_problem = message_text, v_name = constraint_name;
      perform platform.fail('budget_invalid', jsonb_build_object('problem', v_problem, 'constraint', v_name));
  end;
end;
$$;

comment on function marketing.edit_budget(bigint, jsonb) is $$
Change a budget: all that is given, or nothing. A higher total or other dates begin a new revision, in which each level is told once more,
at once if it is reached. A lower total tells the levels that it reaches, of those not yet told.
p_budget_id: the budget; the acting user has role user or admin in its workspace.
p_changes: a JSON object of new values: name, amount (of a daily budget that of a day), start_date, end_date, pacing, alert_threshold, as
marketing.create_budget takes them; numbers as JSON numbers or as digits ("1234.5"), dates as YYYY-MM-DD.
Errors: MM002 not_permitted, MM003 acting_user_required, MM005 marketing_argument_invalid, MM090 budget_not_found, MM091 budget_closed,
MM092 budget_invalid (detail: problem, constraint), MM094 budget_isolation_level.
Locks: the workspace, then the budget.
$$;
