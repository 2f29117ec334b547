create or replace function marketing.set_channel(p_campaign_id bigint, p_channel_name text default null)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_account  bigint := marketing._require_campaign(p_campaign_id, 'user');
  v_platform text;
  v_channel  bigint;
  v_before   bigint;
  v_problem  text;
begin
  select c.channel_id, c.platform, marketing._channel_of(c.platform, c.campaign_name, c.objective, c.network)
  into v_before, v_platform, v_channel
  from marketing.campaigns as c
  where c.id = p_campaign_id
  for no key update;

  if p_channel_name is not null then
    select h.id,
      case when not h.is_active then 'it is not in use' when h.platform <> p.channel_platform then 'it is of ' || h.platform end
    into v_channel, v_problem
    from marketing.channels as h
    join marketing.platforms as p on p.code = v_platform
    where h.name = p_channel_name;
    if not found then
      perform platform.fail('channel_not_found', jsonb_build_object('channel', p_channel_name));
    elsif v_problem is not null then
      perform platform.fail('channel_refused',
        jsonb_build_object('platform', v_platform, 'channel', p_channel_name, 'problem', v_problem));
    end if;
  end if;

  update marketing.campaigns as c
  set channel_id = v_channel, channel_is_set = p_channel_name is not null
  where c.id = p_campaign_id and (c.channel_id, c.channel_is_set) is distinct from (v_channel, p_channel_name is not null);
  if v_channel is distinct from v_before then
    perform marketing._refigure(
      array(
        select n.workspace_id
        from marketing.account_connections as n
        where n.marketing_account_id = v_account and n.disconnected_at is null
      ),
      array[p_campaign_id]
    );
  end if;
end;
$$;

comment on function marketing.set_channel(bigint, text) is $$
Say which channel a campaign counts for, now and in the past, in every workspace that has its account. Rules leave it alone from then on.
p_campaign_id: the campaign (campaigns.id).
p_channel_name: channel (marketing.channels); null: what the rules say again.
Errors: MM002 not_permitted, MM003 acting_user_required, MM008 campaign_not_found, MM015 channel_not_found, MM016 channel_refused,
MM094 budget_isolation_level.
Locks: the campaign; then the workspaces that have its account, and their figures.
$$;
