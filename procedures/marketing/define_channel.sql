create or replace function marketing.define_channel(
  p_name text,
  p_platform text,
  p_display_name text,
  p_icon_url text default null,
  p_is_active boolean default true
)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_id         bigint;
  v_problem    text;
  v_constraint text;
begin
  insert into marketing.channels as h (name, platform, display_name, icon_url, is_active)
  values (p_name, p_platform, p_display_name, p_icon_url, coalesce(p_is_active, true))
  on conflict (name) do update
  set display_name = excluded.display_name, icon_url = excluded.icon_url, is_active = excluded.is_active
  where h.platform = excluded.platform
  returning h.id into v_id;
  if v_id is null then
    perform marketing._refuse_terms(format('channel %s is of another platform', p_name), null);
  end if;
  return v_id;
exception
  when data_exception or integrity_constraint_violation then
    get stacked diagnostics v_problem = message_text, v_constraint = constraint_name;
    perform marketing._refuse_terms(v_problem, v_constraint);
end;
$$;

comment on function marketing.define_channel(text, text, text, text, boolean) is $$
Add a channel, or change how it is shown. Its platform stays.
p_name: name for programs: small letters, digits, underscores.
p_platform: whose, e.g. google (platforms.channel_platform).
p_display_name: name for people.
p_icon_url: picture; null: none.
p_is_active: whether campaigns may still be put into it; null: yes.
Returns: its id.
Errors: MM012 marketing_terms_invalid (detail: problem, constraint).
$$;
