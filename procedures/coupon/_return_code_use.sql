create or replace function coupon._return_code_use(p_coupon_id bigint)
  returns void
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  with returned as (
    update coupon.code_claims as k
    set returned_at = platform.now()
    where k.coupon_id = p_coupon_id and k.returned_at is null
    returning k.code_id
  )
  update coupon.policy_codes as c
  set uses = c.uses - 1
  from returned as r
  where c.id = r.code_id and c.max_uses is not null
$$;

comment on function coupon._return_code_use(bigint) is $$
Give back the use of the code by which a coupon was claimed, if it was: it is cancelled.
p_coupon_id: the coupon.
Locks: the claim, the code's row when its uses are counted.
$$;
