-- Randomness comes from gen_random_uuid, which the server draws from the system's generator; two have 244 random bits, and SHA-256
-- spreads them over 32 bytes. A code that is there already is drawn again: as at most one in 100,000 is, hardly ever, so the loop ends.
-- Hyphens do not matter to who claims, so patterns that differ in nothing else share one space.
-- In UTC, because a request is compared as text.

create or replace function coupon.generate_codes(
  p_policy_id bigint,
  p_count integer,
  p_pattern text default '########',
  p_max_uses integer default 1,
  p_request_key text default null,
  p_expires_at timestamptz default null,
  p_user_ids bigint[] default null
)
  returns table (code_id bigint, code varchar, user_id bigint)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $$
#variable_conflict use_column
declare
  v_places integer := length(p_pattern) - length(replace(p_pattern, '#', ''));
  v_space  text := lower(replace(p_pattern, '-', ''));
  v_needed numeric;
  v_answer jsonb;
  v_users  bigint[];
  v_first  bigint;
  v_last   bigint;
begin
  if num_nulls(p_policy_id, p_count, p_pattern) > 0 then
    perform platform.fail('coupon_argument_missing', jsonb_build_object(
      'argument', case when p_policy_id is null then 'p_policy_id' when p_count is null then 'p_count' else 'p_pattern' end
    ));
  elsif p_count not between 1 and 1000000 then
    perform platform.fail('coupon_argument_invalid', jsonb_build_object(
      'argument', 'p_count', 'value', p_count, 'problem', 'it is 1 to 1,000,000'
    ));
  elsif p_max_uses < 1 then
    perform platform.fail('coupon_argument_invalid', jsonb_build_object(
      'argument', 'p_max_uses', 'value', p_max_uses, 'problem', 'it is 1 or more'
    ));
  elsif cardinality(p_user_ids) <> p_count then
    perform platform.fail('coupon_argument_invalid',
      jsonb_build_object('argument', 'p_user_ids', 'value', format('of %s users', cardinality(p_user_ids)), 'problem', 'one for each code'));
  elsif p_pattern !~ '^[0-9A-Za-z#][0-9A-Za-z#_-]{0,49}$' or v_places not between 2 and 24 then
    perform platform.fail('coupon_code_pattern_invalid', jsonb_build_object('pattern', p_pattern));
  end if;

  v_answer := platform.claim_request('coupon.generate_codes', p_request_key, jsonb_build_object(
    'policy_id', p_policy_id, 'count', p_count, 'pattern', p_pattern, 'max_uses', p_max_uses, 'expires_at', p_expires_at,
    'user_ids', p_user_ids
  ));
  if v_answer is null then
    perform coupon._refuse_codes(p_policy_id);

    insert into coupon.code_spaces as s (pattern, room, codes)
    select v_space, g.room, p_count
    from (select round(31::numeric ^ (v_places - 1)) as room) as g
    where g.room >= p_count * 100000::numeric
    on conflict (pattern) do update
    set codes = s.codes + excluded.codes
    where s.room >= (s.codes + excluded.codes) * 100000::numeric;

    if not found then
      select 100000::numeric * (p_count + coalesce(sum(s.codes), 0)) into v_needed
      from coupon.code_spaces as s
      where s.pattern = v_space;

      perform platform.fail('coupon_code_space_too_small', jsonb_build_object(
        'pattern', p_pattern,
        'count', p_count,
        'places', v_places,
        'places_needed', (select min(n) from generate_series(2, 24) as n where round(31::numeric ^ (n - 1)) >= v_needed)
      ));
    end if;

    v_users := coalesce(p_user_ids, array_fill(null::bigint, array[p_count]));
    while cardinality(v_users) > 0 loop
      with made as (
        insert into coupon.policy_codes (policy_id, code, max_uses, user_id, expires_at, created_at)
        select p_policy_id, g.code, p_max_uses, g.user_id, p_expires_at, platform.now()
        from (
          select u.user_id,
            coupon._fill_pattern(p_pattern, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))) as code
          from unnest(v_users) as u (user_id)
        ) as g
        where g.code is not null
        on conflict do nothing
        returning id, user_id
      )
      select least(v_first, min(m.id)), greatest(v_last, max(m.id)),
        array(select u.user_id from unnest(v_users) as u (user_id) except all select m.user_id from made as m)
      into v_first, v_last, v_users
      from made as m;
    end loop;

    v_answer := jsonb_build_object('first', v_first, 'last', v_last);
    perform platform.complete_request('coupon.generate_codes', p_request_key, v_answer);
  end if;

  return query
  select c.id, c.code::varchar, c.user_id
  from coupon.policy_codes as c
  where c.policy_id = p_policy_id
    and c.id between (v_answer ->> 'first')::bigint and (v_answer ->> 'last')::bigint
    and not c.is_main
  order by c.id;
end;
$$;

comment on function coupon.generate_codes(bigint, integer, text, integer, text, timestamptz, bigint[]) is $$
Make random codes by which coupons of a policy are claimed. They cannot be foretold, have no characters that look alike, end in a check
character, and are at most one in 100,000 of those that their pattern, with or without hyphens, could give, so that guessing does not pay.
p_policy_id: the policy; its issue_type is CODE.
p_count: how many, 1 to 1,000,000.
p_pattern: 2 to 24 places #, the last of them for the check character, and letters, digits, hyphens and underscores that stay, as in
AUTUMN-####-####; 50 characters at most. Eight places have room for 275,000 codes, nine for 8.5 million, ten for 264 million.
p_max_uses: how many coupons each gives; null: any number.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same codes. Null: none.
p_expires_at: first instant at which they are not accepted any more; null: the policy decides.
p_user_ids: who may use them, as many as p_count, each code for one user; null: anybody.
Returns: a row for each code: code_id, code, user_id.
Errors: MC001 coupon_argument_missing, MC002 coupon_policy_not_found, MC011 coupon_argument_invalid, MC061 coupon_not_by_code,
MC067 coupon_code_pattern_invalid, MC068 coupon_code_space_too_small (detail: places_needed), MC070 coupon_policy_closed; of
p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: others who make codes for the policy, or of the pattern, wait (advisory lock 19781, the row of code_spaces), until the transaction
ends.
$$;
