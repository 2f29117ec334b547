-- A campaign that is not there and one of somebody else are told in the same words. Of an account that one may write for, campaigns that
-- are not known yet are made, as a synchronisation would.

create or replace function marketing._row_campaigns(p_rows jsonb, p_account_id bigint default null)
  returns table (index bigint, campaign_id bigint, account_id bigint, currency text)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_user     bigint := marketing._acting_user();
  v_accounts bigint[] := marketing._my_accounts();
  v_own      bigint[];
begin
  if v_user is null and not marketing._is_operator() then
    perform platform.fail('acting_user_required');
  end if;

  select array_agg(distinct c.marketing_account_id) into v_own
  from jsonb_array_elements(p_rows) as r (cells)
  join marketing.campaigns as c on c.id = case when r.cells ->> 'campaign_id' ~ '^\d{1,18}$' then (r.cells ->> 'campaign_id')::bigint end
  where p_account_id is null and not r.cells ?| array['platform', 'account_id']
    and (v_user is null or c.marketing_account_id = any (v_accounts));

  perform marketing._require_account(w.account_id, 'user')
  from (
    select p_account_id where p_account_id is not null
    union
    select unnest(v_own)
    union
    select a.id
    from marketing.marketing_accounts as a
    join jsonb_array_elements(p_rows) as r (cells) on (r.cells ->> 'platform', r.cells ->> 'account_id') = (a.platform, a.account_id)
    where p_account_id is null and (v_user is null or a.id = any (v_accounts))
  ) as w (account_id);

  return query
  with given as materialized (
    select
      r.place - 1 as index,
      coalesce(p_account_id, a.id) as account_id,
      nullif(r.cells ->> 'campaign_id', '') as external_id,
      r.cells ->> 'campaign_name' as campaign_name,
      c.id as campaign_id,
      c.marketing_account_id
    from jsonb_array_elements(p_rows) with ordinality as r (cells, place)
    left join marketing.marketing_accounts as a
      on p_account_id is null and (a.platform, a.account_id) = (r.cells ->> 'platform', r.cells ->> 'account_id')
        and (v_user is null or a.id = any (v_accounts))
    left join marketing.campaigns as c
      on p_account_id is null and not r.cells ?| array['platform', 'account_id']
        and c.id = case when r.cells ->> 'campaign_id' ~ '^\d{1,18}$' then (r.cells ->> 'campaign_id')::bigint end
        and c.marketing_account_id = any (v_own)
  ),
  found as materialized (
    select w.account_id, f.external_id, f.campaign_id
    from (
      select n.account_id, jsonb_agg(jsonb_build_object('campaign_id', n.external_id, 'campaign_name', n.campaign_name)) as campaigns
      from (
        select g.account_id, g.external_id, left(max(g.campaign_name), 255) as campaign_name
        from given as g
        where g.account_id is not null and length(g.external_id) <= 255
        group by g.account_id, g.external_id
      ) as n
      group by n.account_id
      order by n.account_id
    ) as w
    cross join lateral marketing._ensure_campaigns(w.account_id, w.campaigns) as f (external_id, campaign_id)
  )
  select g.index, coalesce(g.campaign_id, f.campaign_id), a.id, a.currency::text
  from given as g
  left join found as f on (f.account_id, f.external_id) = (g.account_id, g.external_id)
  left join marketing.marketing_accounts as a on a.id = coalesce(g.account_id, g.marketing_account_id);
end;
$$;

comment on function marketing._row_campaigns(jsonb, bigint) is $$
Find the campaign of each row, and check that the acting user may write for it.
p_rows: rows that name their campaign as marketing.upsert_campaign_metrics takes it.
p_account_id: the ad account that "campaign_id" is a name in; null: it is our id, or "platform" and "account_id" stand beside it.
Returns: for each row its position from 0 and its campaign, null where there is none that the user sees; and the
ad account that it is of, with its currency. A campaign that was just made is not seen in the same statement.
Errors: MM002 not_permitted, MM003 acting_user_required, MM007 ad_account_not_found.
Locks: the accounts that rows name, ascending, as marketing._lock_account.
$$;
