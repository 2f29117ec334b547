-- requires: procedures/coupon/_keep_rows.sql
--
-- A coupon that counts is not deleted: stock and user would still be charged for it. One that is cancelled may go; the audit says so.
-- When it was issued is for good. When it expires may be changed, to an instant that comes.

create or replace function coupon._coupon_issues_keep()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if (new.issued_at, new.created_at) is distinct from (old.issued_at, old.created_at) then
    perform platform.fail('coupon_state_refused',
      jsonb_build_object('coupon_id', old.id, 'status', new.status, 'problem', 'when it was issued is for good'));
  elsif not isfinite(new.expiry_date) or new.expiry_date <= new.issued_at then
    perform platform.fail('coupon_state_refused',
      jsonb_build_object('coupon_id', old.id, 'status', new.status, 'problem', 'it would expire before its issue, or never'));
  end if;
  return new;
end;
$$;

comment on function coupon._coupon_issues_keep() is $$
Trigger function: refuses another time of issue, and an expiry before it or at infinity.
Returns: the new row.
Errors: MC024 coupon_state_refused.
$$;

create or replace trigger coupon_issues_keep_times
  before update of issued_at, created_at, expiry_date on coupon.coupon_issues
  for each row
  execute function coupon._coupon_issues_keep();

create or replace trigger coupon_issues_keep
  before delete on coupon.coupon_issues
  for each row
  when (old.status <> 'CANCELLED')
  execute function coupon._keep_rows();

create or replace trigger coupon_issues_keep_all
  before truncate on coupon.coupon_issues
  for each statement
  execute function coupon._keep_rows();
