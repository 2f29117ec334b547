-- Claims speak of codes without a foreign key, and people have them on paper: a code that exists stays, and stays what it is.
-- Counted or not is decided once: a call in flight that saw no limit counts nothing.

create or replace function coupon._policy_codes_keep()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_problem text := 'it is for good';
begin
  if tg_op in ('INSERT', 'UPDATE') then
    if tg_op = 'UPDATE' and (new.id, new.policy_id, new.is_main, new.max_uses is null)
      is distinct from (old.id, old.policy_id, old.is_main, old.max_uses is null)
    then
      v_problem := 'id, policy and kind, and whether its uses are counted, are for good';
    elsif tg_op = 'UPDATE' and not new.is_main and new.code <> old.code then
      v_problem := 'only the code of a policy itself is renamed';
    elsif new.is_main and new.code is distinct from (select p.coupon_code from coupon.coupon_policies as p where p.id = new.policy_id) then
      v_problem := 'it is the coupon_code of its policy';
    else
      return new;
    end if;
  end if;

  perform platform.fail('coupon_code_permanent', jsonb_build_object('operation', lower(tg_op), 'problem', v_problem));
  return null;
end;
$$;

comment on function coupon._policy_codes_keep() is $$
Trigger function: a code is not deleted and keeps its text, policy and kind; that of a policy itself equals its coupon_code.
Returns: the new row.
Errors: MC069 coupon_code_permanent.
$$;

create or replace trigger policy_codes_keep
  before delete or truncate on coupon.policy_codes
  for each statement
  execute function coupon._policy_codes_keep();

create or replace trigger policy_codes_keep_main
  before insert on coupon.policy_codes
  for each row
  when (new.is_main)
  execute function coupon._policy_codes_keep();

create or replace trigger policy_codes_keep_what
  before update on coupon.policy_codes
  for each row
  when (
    (old.id, old.policy_id, old.is_main, old.max_uses is null, old.code)
    is distinct from (new.id, new.policy_id, new.is_main, new.max_uses is null, new.code)
  )
  execute function coupon._policy_codes_keep();
