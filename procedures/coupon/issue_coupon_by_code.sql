-- An unknown code is an answer, not an error: an error would take its own count back. That also says what the count is worth: it holds
-- against users, whose application commits, and not against a role that calls this and rolls back.
-- The tries of one user wait for each other, or as many as there are connections could be made before the first one counts; those of
-- an address do not, because thousands may share it. The advisory lock's class 19780 is next to that of stock stripes.
-- A use is taken before the coupon is issued, by a conditional update that waits for whoever has the last one.

create or replace function coupon.issue_coupon_by_code(
  p_coupon_code text,
  p_user_id bigint,
  p_request_key text default null,
  p_client_ip inet default null,
  p_user_agent text default null
)
  returns coupon.issued_coupon
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_issued  coupon.issued_coupon;
  v_code    coupon.policy_codes;
  v_answer  jsonb;
  v_problem text;
begin
  if p_coupon_code is null or p_user_id is null then
    perform platform.fail('coupon_argument_missing',
      jsonb_build_object('argument', case when p_coupon_code is null then 'p_coupon_code' else 'p_user_id' end));
  end if;

  if p_request_key is not null then
    v_answer := platform.claim_request('coupon.issue_coupon_by_code', p_request_key,
      jsonb_build_object('coupon_code', p_coupon_code, 'user_id', p_user_id));
    if v_answer is not null then
      return jsonb_populate_record(null::coupon.issued_coupon, v_answer);
    end if;
  end if;

  perform pg_advisory_xact_lock(19780, hashint8(p_user_id));
  perform coupon._limit_guesses(p_user_id, p_client_ip, 0);

  v_code := coupon._find_code(p_coupon_code);
  if v_code.id is null then
    perform coupon._limit_guesses(p_user_id, p_client_ip, 1);
    v_issued.status := 'CODE_UNKNOWN';
  else
    v_problem := case
      when not exists (
        select from coupon.coupon_policies as p where p.id = v_code.policy_id and p.issue_type = 'CODE'
      ) then 'coupon_not_by_code'
      when not v_code.is_active then 'coupon_code_inactive'
      when v_code.expires_at <= platform.now() then 'coupon_code_expired'
      when v_code.user_id <> p_user_id then 'coupon_code_not_assigned'
    end;
    if v_problem is null and v_code.max_uses is not null then
      update coupon.policy_codes as c
      set uses = c.uses + 1
      where c.id = v_code.id and c.uses < c.max_uses;
      if not found then
        v_problem := 'coupon_code_used_up';
      end if;
    end if;
    if v_problem is not null then
      perform platform.fail(v_problem, jsonb_strip_nulls(jsonb_build_object(
        'coupon_code', v_code.code, 'policy_id', v_code.policy_id, 'expired_at', v_code.expires_at, 'limit', v_code.max_uses
      )));
    end if;

    v_issued := coupon.issue_coupon(v_code.policy_id, p_user_id, null, p_client_ip, p_user_agent);
    insert into coupon.code_claims (coupon_id, code_id) values (v_issued.coupon_id, v_code.id);
  end if;

  perform platform.complete_request('coupon.issue_coupon_by_code', p_request_key, to_jsonb(v_issued));
  return v_issued;
end;
$$;

comment on function coupon.issue_coupon_by_code(text, bigint, text, inet, text) is $$
Issue one coupon to a user who has its code. An unknown code is an answer and no error, and is counted with the caller's transaction:
commit it. Whoever has tried too many (coupon.guess_limits) is refused for a while, a right code included.
p_coupon_code: the code as the user typed it; case and blanks do not matter, nor do hyphens unless two codes differ in nothing else.
p_user_id: the user, in the application's own numbering.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same answer. Null: none.
p_client_ip: the user's address, for the limit and the audit; null: what platform.set_actor was told. Without either no address is
limited.
p_user_agent: the user's program, for the audit.
Returns: one row: coupon_id, coupon_number (what the user shows), status ('ISSUED'); for an unknown code null, null and 'CODE_UNKNOWN'.
Errors: MC001 coupon_argument_missing, MC060 coupon_code_throttled (detail: retry_at, and retry_after in seconds),
MC061 coupon_not_by_code, MC062 coupon_code_inactive, MC063 coupon_code_expired, MC064 coupon_code_used_up,
MC065 coupon_code_not_assigned, MP004 client_ip_invalid; those of coupon.issue_coupon. Nothing is written then.
Locks: the calls of one user wait for each other (advisory lock 19780). Then the row of a code whose uses are counted, and what
coupon.issue_coupon locks; for an unknown code the buckets of address and user. All until the transaction ends.
Source: specification 002, issue_type CODE.
$$;
