-- requires: procedures/coupon/_keep_rows.sql
--
-- A coupon that counts is not deleted: stock and user would still be charged for it. One that is cancelled may go; the audit says so.
-- What it is and when it was issued is for good. When it expires may be changed, to an instant that comes: the sweep does not look back.
-- A trigger that names columns costs nothing to a statement that does not set them.
-- Before a row nothing is looked at: for that PostgreSQL locks the row, for every checkout. After it, a row that went to another partition
-- is not seen as updated; so a statement that names another id is refused at once.
-- The look at its reservations stands in place of a foreign key of theirs: its check would lock every partition of coupon_issues in
-- every call (docs/performance.md). After the row, so that a statement may move it.

create or replace function coupon._coupon_issues_keep()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'DELETE' then
    if exists (select from coupon.coupon_reservations as r where r.coupon_id = old.id)
      and not exists (select from coupon.coupon_issues as i where i.id = old.id)
    then
      perform platform.fail('coupon_reservations_remain', jsonb_build_object('coupon_id', old.id));
    end if;
  elsif (new.id, new.policy_id, new.coupon_number) is distinct from (old.id, old.policy_id, old.coupon_number) then
    perform platform.fail('coupon_state_refused',
      jsonb_build_object('coupon_id', old.id, 'status', new.status, 'problem', 'id, policy and number are for good'));
  elsif (new.issued_at, new.created_at) is distinct from (old.issued_at, old.created_at) then
    perform platform.fail('coupon_state_refused',
      jsonb_build_object('coupon_id', old.id, 'status', new.status, 'problem', 'when it was issued is for good'));
  elsif not isfinite(new.expiry_date) or new.expiry_date <= new.issued_at then
    perform platform.fail('coupon_state_refused',
      jsonb_build_object('coupon_id', old.id, 'status', new.status, 'problem', 'it would expire before its issue, or never'));
  elsif new.expiry_date <> old.expiry_date and new.expiry_date <= platform.now() then
    perform platform.fail('coupon_state_refused',
      jsonb_build_object('coupon_id', old.id, 'status', new.status, 'problem', 'it would have expired already'));
  end if;
  return null;
end;
$$;

comment on function coupon._coupon_issues_keep() is $$
Trigger function: refuses another id, policy, number or time of issue, an expiry before that, at infinity or in the past, and to
delete a coupon that has reservations.
Returns: null (after trigger).
Errors: MC024 coupon_state_refused, MC051 coupon_reservations_remain.
$$;

create or replace trigger coupon_issues_keep_times
  after update of id, policy_id, coupon_number, issued_at, created_at, expiry_date on coupon.coupon_issues
  for each row
  execute function coupon._coupon_issues_keep();

create or replace trigger coupon_issues_keep_id
  before update of id on coupon.coupon_issues
  for each statement
  execute function coupon._keep_rows();

create or replace trigger coupon_issues_keep
  before delete on coupon.coupon_issues
  for each row
  when (old.status <> 'CANCELLED')
  execute function coupon._keep_rows();

create or replace trigger coupon_issues_keep_all
  before truncate on coupon.coupon_issues
  for each statement
  execute function coupon._keep_rows();

create or replace trigger coupon_issues_keep_reserved
  after delete on coupon.coupon_issues
  for each row
  execute function coupon._coupon_issues_keep();
