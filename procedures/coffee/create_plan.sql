-- The columns that make up a plan are parameters; whatever else it can have is given by name. In UTC, as every request that is compared.

create or replace function coffee.create_plan(
  p_code text,
  p_name text,
  p_type text,
  p_price_per_month numeric,
  p_currency text default 'KRW',
  p_interval_months integer default 1,
  p_includes_lab_pro boolean default true,
  p_terms jsonb default '{}',
  p_request_key text default null
)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $$
declare
  v_columns jsonb := jsonb_build_object(
    'code', p_code,
    'name', p_name,
    'type', p_type,
    'price_per_month', p_price_per_month,
    'currency', p_currency,
    'interval_months', p_interval_months,
    'includes_lab_pro', p_includes_lab_pro
  );
  v_answer  jsonb := platform.claim_request('coffee.create_plan', p_request_key, v_columns || jsonb_build_object('terms', p_terms));
begin
  if v_answer is null then
    perform coffee._check_plan_terms(p_terms, array(select jsonb_object_keys(v_columns)));
    v_answer := jsonb_build_object('plan_id', coffee._write_plan(null, v_columns || p_terms));
    perform platform.complete_request('coffee.create_plan', p_request_key, v_answer);
  end if;
  return (v_answer ->> 'plan_id')::bigint;
end;
$$;

comment on function coffee.create_plan(text, text, text, numeric, text, integer, boolean, jsonb, text) is $$
Make a plan. What each may be is said in the comments on the columns of coffee.plans.
p_code: its name for programs, unique.
p_name: its name for people.
p_type: monthly_pick, my_choice or blind_box.
p_price_per_month: price of a month, in the currency's main unit.
p_currency: ISO 4217, of two decimals at most.
p_interval_months: months in a billing period, 1 to 24.
p_includes_lab_pro: Lab mode comes with it.
p_terms: further columns of coffee.plans, by name, as a JSON object: unit, items_per_box, cutoff, notice, no_repeat_months, catch_up,
catch_up_maximum, oos_policy, dunning_policy, is_active.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same plan. Null: none.
Returns: the plan's id.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF033 plan_terms_invalid (detail: problem, constraint),
MF034 plan_code_taken; of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
$$;
