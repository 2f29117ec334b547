create or replace function coffee._check_plan_terms(p_terms jsonb, p_taken text[])
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_unknown text;
begin
  if jsonb_typeof(p_terms) is distinct from 'object' then
    perform platform.fail('plan_terms_invalid', jsonb_build_object('problem', 'they are a JSON object', 'constraint', null));
  end if;

  select k.name into v_unknown
  from jsonb_object_keys(p_terms) as k (name)
  where k.name = any (p_taken)
    or k.name <> all (array[
      'code', 'name', 'type', 'price_per_month', 'currency', 'interval_months', 'includes_lab_pro', 'unit', 'items_per_box', 'cutoff',
      'notice', 'no_repeat_months', 'catch_up', 'catch_up_maximum', 'oos_policy', 'dunning_policy', 'is_active'
    ])
  order by k.name
  limit 1;
  if found then
    perform platform.fail('plan_terms_invalid', jsonb_build_object(
      'problem', format('%s is no term that can be given here', v_unknown), 'constraint', null
    ));
  end if;
end;
$$;

comment on function coffee._check_plan_terms(jsonb, text[]) is $$
Check that terms of a plan are given by names that it has. Their values are checked by the table.
p_terms: a JSON object, column → value.
p_taken: columns that may not be given.
Errors: MF033 plan_terms_invalid (detail: problem).
$$;
