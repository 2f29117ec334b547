-- Terms are columns by name, so that a column of a later version needs no change here. What they may be is checked by the constraints and
-- triggers of the table; here their errors are put into the API's terms.
-- Whoever renames a code waits for whoever renames another, or two that swap their codes would wait for each other (advisory lock 19786).

create or replace function coupon._write_policy(p_policy_id bigint, p_terms jsonb)
  returns coupon.coupon_policies
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_policy     coupon.coupon_policies;
  v_statement  text;
  v_problem    text;
  v_constraint text;
begin
  if p_policy_id is null then
    v_policy.id := nextval(pg_get_serial_sequence('coupon.coupon_policies', 'id'));
    select format(
      'insert into coupon.coupon_policies (id, %1$s) select $2, %1$s from jsonb_populate_record(null::coupon.coupon_policies, $1)',
      string_agg(format('%I', k.name), ', ')
    )
    into v_statement
    from jsonb_object_keys(p_terms) as k (name);
  else
    v_policy.id := p_policy_id;
    if p_terms ? 'coupon_code' then
      perform pg_advisory_xact_lock(19786, 0);
    end if;
    select format(
      'update coupon.coupon_policies as p set %s from jsonb_populate_record(null::coupon.coupon_policies, $1) as t where p.id = $2',
      string_agg(format('%1$I = t.%1$I', k.name), ', ')
    )
    into v_statement
    from jsonb_object_keys(p_terms) as k (name);
  end if;

  execute v_statement using p_terms, v_policy.id;
  select p.* into v_policy from coupon.coupon_policies as p where p.id = v_policy.id;
  return v_policy;
exception
  when data_exception or integrity_constraint_violation then
    get stacked diagnostics v_problem = message_text, v_constraint = constraint_name;
    if v_constraint = 'policy_codes_code_key' then
      perform platform.fail('coupon_code_taken', jsonb_build_object('coupon_code', p_terms -> 'coupon_code'));
    end if;
    perform platform.fail('coupon_terms_invalid', jsonb_build_object('problem', v_problem, 'constraint', v_constraint));
end;
$$;

comment on function coupon._write_policy(bigint, jsonb) is $$
Insert a policy, or update one.
p_policy_id: the policy, locked; null: a new one.
p_terms: a JSON object, column → value, not empty; all keys are columns.
Returns: the row as it is then.
Errors: MC074 coupon_terms_invalid (detail: problem, constraint), MC075 coupon_code_taken; those of the table's triggers.
Locks: the policy's row; when its code changes, others who change the code of a policy wait (advisory lock 19786).
$$;
