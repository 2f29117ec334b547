-- A lock that grows is a deadlock when two do it, so how strong it must be is found out first. That a campaign is there stays so: none is
-- ever deleted.

create or replace function marketing._lock_account(p_account_id bigint, p_campaigns text[])
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (
    select
    from unnest(p_campaigns) as n (campaign_id)
    where not exists (
      select from marketing.campaigns as c where c.marketing_account_id = p_account_id and c.campaign_id = n.campaign_id
    )
  ) then
    perform from marketing.marketing_accounts as a where a.id = p_account_id for no key update;
  else
    perform from marketing.marketing_accounts as a where a.id = p_account_id for share;
  end if;
end;
$$;

comment on function marketing._lock_account(bigint, text[]) is $$
Lock an ad account before its campaigns are locked or made.
p_account_id: the account.
p_campaigns: the platform's ids of the campaigns that are meant.
Locks: the account: shared, when all of them are there; else no key update, for whoever makes campaigns has it alone.
$$;
