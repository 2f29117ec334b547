-- Codes are inserted in their order, so that two imports that share some wait for each other and do not deadlock.
-- In UTC, because a request is compared as text.

create or replace function coupon.import_codes(
  p_policy_id bigint,
  p_codes text[],
  p_max_uses integer default 1,
  p_expires_at timestamptz default null,
  p_request_key text default null
)
  returns table (code text, code_id bigint, outcome text)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $$
#variable_conflict use_column
declare
  v_answer jsonb;
  v_before bigint;
begin
  if p_policy_id is null or p_codes is null then
    perform platform.fail('coupon_argument_missing',
      jsonb_build_object('argument', case when p_policy_id is null then 'p_policy_id' else 'p_codes' end));
  elsif p_max_uses < 1 then
    perform platform.fail('coupon_argument_invalid', jsonb_build_object(
      'argument', 'p_max_uses', 'value', p_max_uses, 'problem', 'it is 1 or more'
    ));
  end if;

  v_answer := platform.claim_request('coupon.import_codes', p_request_key, jsonb_build_object(
    'policy_id', p_policy_id, 'codes', p_codes, 'max_uses', p_max_uses, 'expires_at', p_expires_at
  ));
  if v_answer is null then
    perform coupon._refuse_codes(p_policy_id);
    select coalesce(max(c.id), 0) into v_before from coupon.policy_codes as c where c.policy_id = p_policy_id;

    insert into coupon.policy_codes (policy_id, code, max_uses, expires_at, created_at)
    select p_policy_id, btrim(g.code, e' \t\r\n'), p_max_uses, p_expires_at, platform.now()
    from unnest(p_codes) as g (code)
    where btrim(g.code, e' \t\r\n') ~ '^[0-9A-Za-z][0-9A-Za-z_-]{0,49}$'
    order by lower(btrim(g.code, e' \t\r\n') collate "C")
    on conflict do nothing;

    select jsonb_agg(
      jsonb_build_object(
        'code', g.code,
        'code_id', c.id,
        'outcome', case
          when c.id is null then 'INVALID'
          when c.policy_id <> p_policy_id then 'TAKEN'
          when c.id <= v_before then 'EXISTS'
          when g.time > 1 then 'REPEATED'
          else 'IMPORTED'
        end
      )
      order by g.place
    )
    into v_answer
    from (
      select u.code, u.place, k.key, row_number() over (partition by k.key order by u.place) as time
      from unnest(p_codes) with ordinality as u (code, place)
      cross join lateral (select lower(btrim(u.code, e' \t\r\n') collate "C") as key) as k
    ) as g
    left join coupon.policy_codes as c on lower(c.code collate "C") = g.key;

    v_answer := coalesce(v_answer, '[]');
    perform platform.complete_request('coupon.import_codes', p_request_key, v_answer);
  end if;

  return query
  select r.code, r.code_id, r.outcome
  from jsonb_to_recordset(v_answer) as r (code text, code_id bigint, outcome text);
end;
$$;

comment on function coupon.import_codes(bigint, text[], integer, timestamptz, text) is $$
Give a policy codes that were made elsewhere. The same import again changes nothing.
p_policy_id: the policy; its issue_type is CODE.
p_codes: the codes: letters, digits, hyphens and underscores, 50 at most; blanks and line ends around them are taken off.
p_max_uses: how many coupons each gives; null: any number.
p_expires_at: first instant at which they are not accepted any more; null: the policy decides.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same answer. Null: none.
Returns: a row for each code, in their order: code as given, code_id, and outcome: IMPORTED; EXISTS (the policy had it before), TAKEN
(it is another policy's), REPEATED (it was given before in this call), INVALID (code_id is null).
Errors: MC001 coupon_argument_missing, MC002 coupon_policy_not_found, MC011 coupon_argument_invalid, MC061 coupon_not_by_code,
MC070 coupon_policy_closed; of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: others who make codes for the policy wait (advisory lock 19781), until the transaction ends.
$$;
