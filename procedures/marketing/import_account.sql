-- Platforms write one id in several ways (123-456-7890 and 1234567890, act_42 and 42): two accounts of it would count everything twice.

create or replace function marketing.import_account(
  p_platform text, p_account_id text, p_workspace text default null, p_currency text default null, p_time_zone text default null
)
  returns table (currency text, time_zone text, currencies text[])
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_workspaces bigint[];
  v_alike      text;
  v_writing    constant text := '^act_|[^a-z0-9]';
begin
  if not exists (select from marketing.marketing_accounts as a where (a.platform, a.account_id) = (p_platform, p_account_id)) then
    select a.account_id into v_alike
    from marketing.marketing_accounts as a
    where a.platform = p_platform
      and regexp_replace(lower(a.account_id), v_writing, '', 'g') = nullif(regexp_replace(lower(p_account_id), v_writing, '', 'g'), '')
    order by a.id
    limit 1;
    if found then
      perform platform.fail('import_account_alike', jsonb_build_object(
        'platform', p_platform, 'account', p_account_id, 'known', v_alike
      ));
    end if;
  end if;
  if p_workspace is not null then
    select array_agg(w.id) into v_workspaces
    from marketing.workspaces as w
    where w.id::text = p_workspace
      or w.name = p_workspace and not exists (select from marketing.workspaces as o where o.id::text = p_workspace);
    if cardinality(v_workspaces) is distinct from 1 then
      perform platform.fail('import_workspace_unknown', jsonb_build_object('workspace', p_workspace));
    end if;
    perform marketing.connect_account(v_workspaces[1], p_platform, p_account_id, p_currency, p_time_zone);
  end if;

  return query
  select a.currency::text, a.time_zone::text, array(select c.code from platform.currencies as c order by c.code)
  from marketing.marketing_accounts as a
  where (a.platform, a.account_id) = (p_platform, p_account_id);
end;
$$;

comment on function marketing.import_account(text, text, text, text, text) is $$
What is known of the ad account that a file is imported for; on the way it may be connected.
p_platform and p_account_id: the account, as the platform names it.
p_workspace: id or name of a workspace to connect it with; null: it is not connected.
p_currency and p_time_zone: as of marketing.connect_account.
Returns: one row: its currency, the zone of its days, and all currencies that there are; none when it is not known.
Errors: MM058 import_workspace_unknown, MM059 import_account_alike (it is not known, and one is whose id differs in punctuation alone);
those of marketing.connect_account.
Locks: those of marketing.connect_account.
$$;
