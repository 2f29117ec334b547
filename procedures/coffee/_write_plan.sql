-- Terms are columns by name. What they may be is checked by the constraints of the table; here their errors are put into the API's terms.

create or replace function coffee._write_plan(p_plan_id bigint, p_terms jsonb)
  returns bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_id         bigint;
  v_statement  text;
  v_plan       coffee.plans;
  v_problem    text;
  v_constraint text;
begin
  if p_plan_id is null then
    select format(
      'insert into coffee.plans (%1$s) select %1$s from jsonb_populate_record(null::coffee.plans, $1) returning id',
      string_agg(format('%I', k.name), ', ')
    )
    into v_statement
    from jsonb_object_keys(p_terms) as k (name);
  else
    select format(
      'update coffee.plans as p set %s from jsonb_populate_record(null::coffee.plans, $1) as t where p.id = $2 returning p.id',
      string_agg(format('%1$I = t.%1$I', k.name), ', ')
    )
    into v_statement
    from jsonb_object_keys(p_terms) as k (name);
  end if;

  execute v_statement into strict v_id using p_terms, p_plan_id;
  select p.* into v_plan from coffee.plans as p where p.id = v_id;
  perform coffee._check_price(coalesce((p_terms ->> 'price_per_month')::numeric, v_plan.price_per_month), v_plan.currency);
  return v_plan.id;
exception
  when data_exception or integrity_constraint_violation then
    get stacked diagnostics v_problem = message_text, v_constraint = constraint_name;
    if v_constraint = 'plans_code_key' then
      perform platform.fail('plan_code_taken', jsonb_build_object('plan', p_terms -> 'code'));
    end if;
    perform platform.fail('plan_terms_invalid', jsonb_build_object('problem', v_problem, 'constraint', v_constraint));
end;
$$;

comment on function coffee._write_plan(bigint, jsonb) is $$
Insert a plan, or update one.
p_plan_id: the plan, locked; null: a new one.
p_terms: a JSON object, column → value, not empty; all keys are columns.
Returns: the plan's id.
Errors: MF002 coffee_argument_invalid, MF033 plan_terms_invalid (detail: problem, constraint), MF034 plan_code_taken; those of the table's
triggers.
$$;
