create or replace function marketing.today(p_account_id bigint)
  returns date
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  perform marketing._require_account(p_account_id, 'viewer');
  return (
    select (platform.now() at time zone a.time_zone)::date
    from marketing.marketing_accounts as a
    where a.id = p_account_id
  );
end;
$$;

comment on function marketing.today(bigint) is $$
Which day it is where the account is: its figures are those of its own days, whatever the reader's clock says.
p_account_id: the account (marketing_accounts.id).
Returns: the date in the account's time zone.
Errors: MM002 not_permitted, MM003 acting_user_required, MM007 ad_account_not_found.
$$;
