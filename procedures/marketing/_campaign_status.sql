create or replace function marketing._campaign_status(p_status text)
  returns text
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select case
    when lower(p_status) in ('active', 'enabled', 'eligible', 'on', 'running', 'in_process', 'with_issues') then 'active'
    when lower(p_status) in ('paused', 'campaign_paused', 'off', 'pending') then 'paused'
    when lower(p_status) in ('ended', 'removed', 'deleted', 'archived', 'completed', 'finished') then 'ended'
  end;
$$;

comment on function marketing._campaign_status(text) is $$
What a platform's word for the state of a campaign means.
p_status: the word, whatever its case, e.g. ENABLED or ARCHIVED.
Returns: active, paused or ended; null when it is none that is known.
$$;
