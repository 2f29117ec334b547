-- requires: procedures/marketing/_lock_account.sql
--
-- Missing ones are inserted in the order of their ids, so that two loads of one account wait for each other and do not deadlock; the rows
-- are read by the statement after, which sees what another transaction has inserted meanwhile. The account comes first: whoever makes
-- campaigns has it alone, here as in marketing.upsert_campaigns, which locks some before it inserts others. Who makes none shares it, so
-- that loads of one account, also those that tell of their campaigns afterwards, do not wait for each other.

create or replace function marketing._ensure_campaigns(p_account_id bigint, p_campaigns jsonb)
  returns table (campaign_id text, id bigint)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  perform marketing._lock_account(p_account_id, array(
    select e.value #>> case jsonb_typeof(e.value) when 'object' then '{campaign_id}' else '{}' end::text[]
    from jsonb_array_elements(p_campaigns) as e
  ));
  perform marketing._adopt_campaigns(p_account_id, p_campaigns);
  insert into marketing.campaigns (
    marketing_account_id, campaign_id, campaign_name, is_named, platform, channel_id, created_at, updated_at
  )
  select a.id, n.campaign_id, n.campaign_name, n.is_named, a.platform,
    marketing._channel_of(a.platform, n.campaign_name, null, null), platform.now(), platform.now()
  from marketing.marketing_accounts as a
  cross join lateral (
    select g.campaign_id, coalesce(max(g.campaign_name), g.campaign_id) as campaign_name,
      coalesce(max(g.campaign_name) = g.campaign_id, false) as is_named
    from (
      select e.value #>> case jsonb_typeof(e.value) when 'object' then '{campaign_id}' else '{}' end::text[],
        nullif(e.value ->> 'campaign_name', '')
      from jsonb_array_elements(p_campaigns) as e
    ) as g (campaign_id, campaign_name)
    group by g.campaign_id
  ) as n
  where a.id = p_account_id
    and not exists (
      select from marketing.campaigns as c where c.marketing_account_id = a.id and c.campaign_id = n.campaign_id
    )
  order by n.campaign_id
  on conflict on constraint campaigns_campaign_key do nothing;

  return query
  select c.campaign_id::text, c.id
  from marketing.campaigns as c
  where c.marketing_account_id = p_account_id
    and c.campaign_id in (
      select e.value #>> case jsonb_typeof(e.value) when 'object' then '{campaign_id}' else '{}' end::text[]
      from jsonb_array_elements(p_campaigns) as e
    );
end;
$$;

comment on function marketing._ensure_campaigns(bigint, jsonb) is $$
Find campaigns by their platform's ids, and make those that are missing.
p_account_id: the account (marketing_accounts.id).
p_campaigns: a JSON array of the platform's ids, or of objects {"campaign_id": …, "campaign_name": …}; the same one may be there often.
A name is for those that are made; without one the id is the name until marketing.upsert_campaigns tells it. Where the id is the name,
the name stands for an id that is not known, and marketing._adopt_campaigns finds it.
Returns: one row for each of them: campaign_id as given, id of ours. The statement that calls does not see rows that were made.
Errors: 22001 and 23514 for ids that are empty or longer than 255 characters: the caller's fault.
Locks: the account, as marketing._lock_account; rows of campaigns that it makes; while another transaction makes the same one, waits for
its end.
$$;
