-- What a campaign was stays: a change closes the version before. Changes of one transaction are one version.

create or replace function marketing._campaigns_versions()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    insert into marketing.campaign_versions (
      campaign_id, valid, campaign_name, status, objective, network, channel_id, daily_budget, total_budget, start_date, end_date,
      deleted_at
    )
    select n.id, tstzrange(platform.now(), null), n.campaign_name, n.status, n.objective, n.network, n.channel_id, n.daily_budget,
      n.total_budget, n.start_date, n.end_date, n.deleted_at
    from new_rows as n;
    return null;
  end if;

  update marketing.campaign_versions as v
  set valid = tstzrange(lower(v.valid), platform.now())
  from new_rows as n
  where v.campaign_id = n.id
    and upper_inf(v.valid)
    and lower(v.valid) < platform.now()
    and (
      v.campaign_name, v.status, v.objective, v.network, v.channel_id, v.daily_budget, v.total_budget, v.start_date, v.end_date,
      v.deleted_at
    ) is distinct from (
      n.campaign_name, n.status, n.objective, n.network, n.channel_id, n.daily_budget, n.total_budget, n.start_date, n.end_date,
      n.deleted_at
    );

  insert into marketing.campaign_versions as v (
    campaign_id, valid, campaign_name, status, objective, network, channel_id, daily_budget, total_budget, start_date, end_date, deleted_at
  )
  select n.id, tstzrange(platform.now(), null), n.campaign_name, n.status, n.objective, n.network, n.channel_id, n.daily_budget,
    n.total_budget, n.start_date, n.end_date, n.deleted_at
  from new_rows as n
  join old_rows as o on o.id = n.id
  where (
    o.campaign_name, o.status, o.objective, o.network, o.channel_id, o.daily_budget, o.total_budget, o.start_date, o.end_date, o.deleted_at
  ) is distinct from (
    n.campaign_name, n.status, n.objective, n.network, n.channel_id, n.daily_budget, n.total_budget, n.start_date, n.end_date, n.deleted_at
  )
  on conflict (campaign_id) where upper_inf(valid) do update
  set campaign_name = excluded.campaign_name, status = excluded.status, objective = excluded.objective, network = excluded.network,
    channel_id = excluded.channel_id, daily_budget = excluded.daily_budget, total_budget = excluded.total_budget,
    start_date = excluded.start_date, end_date = excluded.end_date, deleted_at = excluded.deleted_at;
  return null;
end;
$$;

comment on function marketing._campaigns_versions() is $$
Trigger function: campaign_versions has what a campaign was, and from when to when.
Returns: null (after trigger).
Locks: the campaigns' current versions.
$$;

create or replace trigger campaigns_versions_insert
  after insert on marketing.campaigns
  referencing new table as new_rows
  for each statement execute function marketing._campaigns_versions();

create or replace trigger campaigns_versions_update
  after update on marketing.campaigns
  referencing old table as old_rows new table as new_rows
  for each statement execute function marketing._campaigns_versions();
