create or replace function marketing._apply_channel_rules(p_platform text)
  returns bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_moved bigint[];
begin
  perform from marketing.campaigns as c where c.platform = p_platform and not c.channel_is_set order by c.id for no key update;

  with told as (
    select c.id, marketing._channel_of(c.platform, c.campaign_name, c.objective, c.network) as channel_id
    from marketing.campaigns as c
    where c.platform = p_platform and not c.channel_is_set
  ), moved as (
    update marketing.campaigns as c
    set channel_id = t.channel_id
    from told as t
    where c.id = t.id and c.channel_id is distinct from t.channel_id
    returning c.id
  )
  select coalesce(array_agg(m.id), '{}') into v_moved from moved as m;

  if v_moved <> '{}' then
    perform marketing._refigure(
      array(
        select distinct n.workspace_id
        from marketing.account_connections as n
        join marketing.campaigns as c on c.marketing_account_id = n.marketing_account_id
        where c.id = any (v_moved) and n.disconnected_at is null
      ),
      v_moved
    );
  end if;
  return cardinality(v_moved);
end;
$$;

comment on function marketing._apply_channel_rules(text) is $$
Put the campaigns of a platform into the channels that the rules say, but for those whose channel somebody set.
p_platform: the platform.
Returns: how many campaigns moved.
Errors: MM094 budget_isolation_level.
Locks: these campaigns by ascending id; then the workspaces that have their accounts, and their figures.
$$;
