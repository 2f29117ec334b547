create or replace function marketing._refuse_archived(p_days datemultirange)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if not isempty(p_days) then
    perform platform.fail('days_archived', jsonb_build_object('from', lower(p_days), 'to', upper(p_days) - 1));
  end if;
end;
$$;

comment on function marketing._refuse_archived(datemultirange) is $$
Refuse days that are needed and are only in the archive.
p_days: those days; empty or null: there are none.
Errors: MM073 days_archived.
$$;
