create or replace function coupon._switch_codes(p_policy_id bigint, p_codes text[], p_is_active boolean)
  returns bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_unknown text;
  v_changed bigint;
begin
  if p_policy_id is null or p_codes is null then
    perform platform.fail('coupon_argument_missing',
      jsonb_build_object('argument', case when p_policy_id is null then 'p_policy_id' else 'p_codes' end));
  end if;

  select coalesce(g.code, 'null') into v_unknown
  from unnest(p_codes) with ordinality as g (code, place)
  where not exists (
    select from coupon.policy_codes as c where c.policy_id = p_policy_id and lower(c.code collate "C") = lower(g.code collate "C")
  )
  order by g.place
  limit 1;
  if found then
    perform platform.fail('coupon_code_not_found', jsonb_build_object('policy_id', p_policy_id, 'coupon_code', v_unknown));
  end if;

  with named as (
    select c.id
    from coupon.policy_codes as c
    where lower(c.code collate "C") in (select lower(g.code collate "C") from unnest(p_codes) as g (code))
      and c.is_active <> p_is_active
    order by c.id
    for update
  )
  update coupon.policy_codes as c
  set is_active = p_is_active
  from named as n
  where c.id = n.id;

  get diagnostics v_changed = row_count;
  return v_changed;
end;
$$;

comment on function coupon._switch_codes(bigint, text[], boolean) is $$
Switch codes of a policy on or off: all of them or, when one is not the policy's, none.
p_policy_id: the policy.
p_codes: the codes; case does not matter.
p_is_active: on or off.
Returns: how many were not so before.
Errors: MC001 coupon_argument_missing, MC066 coupon_code_not_found.
Locks: the rows of the codes, by ascending id, until the transaction ends.
$$;
