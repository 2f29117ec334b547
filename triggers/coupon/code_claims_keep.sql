-- requires: procedures/coupon/_keep_rows.sql
--
-- By which code a coupon came stays known. The use of the code comes back with the coupon, when that is cancelled: no call that issues
-- one writes returned_at, so none pays for looking.

create or replace function coupon._code_claims_keep()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if old.returned_at is not null
    or not exists (select from coupon.coupon_issues as i where i.id = new.coupon_id and i.status = 'CANCELLED')
  then
    perform platform.fail('coupon_rows_kept', jsonb_build_object('table', tg_table_name, 'operation', lower(tg_op)));
  end if;
  return new;
end;
$$;

comment on function coupon._code_claims_keep() is $$
Trigger function: the use of a code is given back once, and only with its coupon.
Returns: the new row.
Errors: MC080 coupon_rows_kept.
$$;

create or replace trigger code_claims_keep
  before update of coupon_id, code_id or delete or truncate on coupon.code_claims
  for each statement
  execute function coupon._keep_rows();

create or replace trigger code_claims_keep_returned
  before update on coupon.code_claims
  for each row
  when (new.returned_at is distinct from old.returned_at)
  execute function coupon._code_claims_keep();
