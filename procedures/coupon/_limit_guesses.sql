-- Codes are short, so that people can type them; that they cannot be found by trying is seen to here. How many may be tried is in
-- coupon.guess_limits. Whoever has a network of IPv6 has 2^64 addresses, so it counts as one; an address of IPv4 that is written as one
-- of IPv6 (::ffff:192.0.2.7, as many servers report it) is what it is.

create or replace function coupon._limit_guesses(p_user_id bigint, p_client_ip inet, p_count integer)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_address inet := coalesce(p_client_ip, case when current_setting('moadb.actor', true) <> '' then platform._client_ip() end);
  v_limit   record;
  v_wait    interval := interval '0';
begin
  if v_address << '::ffff:0:0/96' then
    v_address := '0.0.0.0'::inet + (v_address - '::ffff:0:0');
  end if;

  for v_limit in
    select
      l.bucket, l.burst, l.per,
      case
        when l.bucket = 'coupon.guess_code.user' then p_user_id::text
        when family(v_address) = 6 then set_masklen(v_address::cidr, 64)::text
        else host(v_address)
      end as key
    from coupon.guess_limits as l
    order by l.bucket
  loop
    continue when v_limit.key is null;
    v_wait := greatest(v_wait, case
      when p_count > 0 then platform.take_tokens(v_limit.bucket, v_limit.key, v_limit.burst, v_limit.per, p_count)
      else platform.peek_tokens(v_limit.bucket, v_limit.key, v_limit.burst, v_limit.per)
    end);
  end loop;

  if v_wait > interval '0' then
    perform platform.fail('coupon_code_throttled', jsonb_build_object(
      'user_id', p_user_id, 'client_ip', v_address, 'retry_at', platform.now() + v_wait, 'retry_after', ceil(extract(epoch from v_wait))
    ));
  end if;
end;
$$;

comment on function coupon._limit_guesses(bigint, inet, integer) is $$
Raise an error when a user or an address has tried too many unknown codes.
p_user_id: the user.
p_client_ip: the address; null: what platform.set_actor was told, and when that is nothing no address is limited.
p_count: 1 to count an unknown code, 0 to look whether there were too many.
Returns: nothing, and only when there were not.
Errors: MC060 coupon_code_throttled, MP004 client_ip_invalid.
Locks: with p_count 1 the buckets of the address and the user, until the transaction ends.
$$;
