-- The policy's own code is a code like all others, so that one unique index keeps them apart.

create or replace function coupon._coupon_policies_codes()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    insert into coupon.policy_codes (policy_id, code, is_main, created_at)
    values (new.id, new.coupon_code, true, new.created_at);
  else
    update coupon.policy_codes as c set code = new.coupon_code where c.policy_id = new.id and c.is_main;
  end if;
  return null;
end;
$$;

comment on function coupon._coupon_policies_codes() is $$
Trigger function: write the coupon_code of a policy to policy_codes.
Returns: null (after trigger).
Errors: 23505 policy_codes_code_key when another policy has the code.
$$;

create or replace trigger coupon_policies_codes_insert
  after insert on coupon.coupon_policies
  for each row
  execute function coupon._coupon_policies_codes();

create or replace trigger coupon_policies_codes_update
  after update of coupon_code on coupon.coupon_policies
  for each row
  when (old.coupon_code <> new.coupon_code)
  execute function coupon._coupon_policies_codes();
