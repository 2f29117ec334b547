create or replace function marketing._channel_of_utm(p_workspace_id bigint, p_utm jsonb)
  returns bigint
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select r.channel_id
  from marketing.utm_rules as r
  where r.workspace_id = p_workspace_id
    and r.source = lower(coalesce(p_utm ->> 'source', p_utm ->> 'utm_source'))
    and r.medium in ('', lower(coalesce(p_utm ->> 'medium', p_utm ->> 'utm_medium', '')))
  order by r.medium desc
  limit 1;
$$;

comment on function marketing._channel_of_utm(bigint, jsonb) is $$
Which channel a visit came by, as marketing.set_utm_rule said.
p_workspace_id: the workspace.
p_utm: a JSON object with source and medium, or utm_source and utm_medium.
Returns: id of the channel; null when no rule says.
$$;
