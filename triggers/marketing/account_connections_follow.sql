create or replace function marketing._account_connections_follow()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  update marketing.marketing_accounts as a
  set is_connected = not a.is_connected
  where a.id = new.marketing_account_id
    and a.is_connected is distinct from exists (
      select
      from marketing.account_connections as c
      where c.marketing_account_id = a.id and c.disconnected_at is null
    );
  return null;
end;
$$;

comment on function marketing._account_connections_follow() is $$
Trigger function: marketing_accounts.is_connected says whether any workspace has the account connected.
Returns: null (after trigger).
Locks: the account's row.
$$;

create or replace trigger account_connections_follow
  after insert on marketing.account_connections
  for each row
  execute function marketing._account_connections_follow();

create or replace trigger account_connections_follow_update
  after update of disconnected_at on marketing.account_connections
  for each row
  when ((old.disconnected_at is null) <> (new.disconnected_at is null))
  execute function marketing._account_connections_follow();
