create or replace function coupon._check_transition(p_from text, p_to text)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_from <> p_to
    and not exists (
      select
      from platform.transitions as t
      where t.machine = 'coupon.coupon_issues' and t.from_state = p_from and t.to_state = p_to
    )
  then
    perform platform.fail('transition_refused',
      jsonb_build_object('machine', 'coupon.coupon_issues', 'from', p_from, 'to', p_to));
  end if;
end;
$$;

comment on function coupon._check_transition(text, text) is $$
Refuse a status of a coupon that its present one does not lead to (platform.transitions).
p_from: the status it has.
p_to: the status it is to have; the same one passes.
Returns: nothing, and only when it may.
Errors: MP050 transition_refused.
$$;
