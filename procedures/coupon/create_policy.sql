-- The columns of the specification are parameters; whatever else a policy can have is given by name. In UTC, because a request is compared
-- as text, and an instant must be the same text in every session.

create or replace function coupon.create_policy(
  p_coupon_name text,
  p_coupon_code text,
  p_discount_type text,
  p_discount_value numeric,
  p_issue_type text,
  p_valid_days integer,
  p_issue_start_date timestamptz,
  p_issue_end_date timestamptz,
  p_minimum_order_amount numeric default 0,
  p_max_discount_amount numeric default null,
  p_max_issue_count integer default null,
  p_max_issue_per_user integer default 1,
  p_is_active boolean default true,
  p_terms jsonb default '{}',
  p_request_key text default null,
  out policy_id bigint,
  out row_version integer
)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $$
declare
  v_columns jsonb := jsonb_build_object(
    'coupon_name', p_coupon_name,
    'coupon_code', p_coupon_code,
    'discount_type', p_discount_type,
    'discount_value', p_discount_value,
    'issue_type', p_issue_type,
    'valid_days', p_valid_days,
    'issue_start_date', p_issue_start_date,
    'issue_end_date', p_issue_end_date,
    'minimum_order_amount', p_minimum_order_amount,
    'max_discount_amount', p_max_discount_amount,
    'max_issue_count', p_max_issue_count,
    'max_issue_per_user', p_max_issue_per_user,
    'is_active', p_is_active
  );
  v_terms  jsonb := coalesce(p_terms, '{}');
  v_answer jsonb := platform.claim_request('coupon.create_policy', p_request_key, v_columns || jsonb_build_object('terms', v_terms));
begin
  if v_answer is null then
    perform coupon._check_terms(v_terms, array(select jsonb_object_keys(v_columns)));
    select jsonb_build_object('policy_id', p.id, 'row_version', p.row_version)
    into v_answer
    from coupon._write_policy(null, v_columns || v_terms) as p;
    perform platform.complete_request('coupon.create_policy', p_request_key, v_answer);
  end if;

  policy_id := (v_answer ->> 'policy_id')::bigint;
  row_version := (v_answer ->> 'row_version')::integer;
end;
$$;

comment on function coupon.create_policy(
  text, text, text, numeric, text, integer, timestamptz, timestamptz, numeric, numeric, integer, integer, boolean, jsonb, text
) is $$
Make a coupon policy. What each may be is said in the comments on the columns of coupon.coupon_policies.
p_coupon_name: what people see.
p_coupon_code: its public code, unique among all codes, whatever its case.
p_discount_type: FIXED_AMOUNT or PERCENTAGE, or what else the column allows.
p_discount_value: amount, or per cent.
p_issue_type: CODE (claimed by code) or DIRECT (given).
p_valid_days: days of 24 hours from issue to expiry.
p_issue_start_date: first instant at which coupons are issued.
p_issue_end_date: first instant at which none is issued any more.
p_minimum_order_amount: orders below it get no discount.
p_max_discount_amount: cap of the discount; null: none.
p_max_issue_count: stock; null: no limit, which is decided once.
p_max_issue_per_user: how many a user may hold; null: no limit.
p_is_active: false: it issues nothing until coupon.resume_policy.
p_terms: further columns of coupon_policies, by name, as a JSON object.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same policy. Null: none.
Returns: one row: policy_id, row_version.
Errors: MC030 coupon_rules_invalid, MC036 coupon_amounts_invalid, MC072 coupon_term_unknown, MC074 coupon_terms_invalid (detail: problem,
constraint), MC075 coupon_code_taken, MP004 client_ip_invalid; of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
$$;
