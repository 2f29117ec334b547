-- A copy of a database carries its schedule along, and would charge, mail and expire a second time. So the copy has to find out by
-- itself that it is one: nobody remembers to switch the jobs off before its first start.

create or replace function platform._check_installation()
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_live   platform.installation := platform._live_installation();
  v_facts  text[] := array['system_identifier', 'database_oid', 'port', 'cluster_name', 'data_directory'];
  v_differ text;
begin
  select string_agg(format('%s is %s and was %s', l.key, l.value, coalesce(r.value, 'never recorded')), ', ' order by l.key)
  into v_differ
  from jsonb_each_text(to_jsonb(v_live)) as l
  left join (
    select e.key, e.value from platform.installation as i cross join jsonb_each_text(to_jsonb(i)) as e
  ) as r on r.key = l.key
  where l.key = any (v_facts)
    and l.value is distinct from r.value
    and not (l.key = 'data_directory' and (l.value is null or r.value is null));

  if v_differ is not null then
    perform platform.fail('copied_installation', jsonb_build_object('database', current_database(), 'difference', v_differ));
  end if;

  if v_live.data_directory is not null and exists (select from platform.installation as i where i.data_directory is null) then
    update platform.installation as i set data_directory = v_live.data_directory;
  end if;
end;
$$;

comment on function platform._check_installation() is $$
Refuse in a database that is a copy of the one that runs the jobs. Runs as the login role, which may be allowed to see the data
directory where moadb_owner is not.
Errors: MP011 copied_installation.
$$;
