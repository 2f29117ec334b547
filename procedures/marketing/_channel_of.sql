create or replace function marketing._channel_of(p_platform text, p_name text, p_objective text, p_network text)
  returns bigint
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select r.channel_id
  from marketing.channel_rules as r
  where r.platform = p_platform
    and case r.field when 'name' then p_name when 'objective' then p_objective else p_network end ~* r.pattern
  order by r.priority, r.id
  limit 1;
$$;

comment on function marketing._channel_of(text, text, text, text) is $$
Which channel a campaign counts for by marketing.channel_rules.
p_platform: platform of its account.
p_name: its name.
p_objective: its objective; null: not known.
p_network: where it shows; null: not known.
Returns: id of the channel; null when no rule matches.
$$;
