-- requires: procedures/marketing/_archived_months.sql
--
-- Everything that can be wrong with the whole is found out here, before anything is loaded: accounts that are not known, two rows for one
-- day of a campaign, months that are in the archive, what the constraints of campaign_metrics refuse. What must not be loaded is taken out
-- of the table and told with its line.
-- Exports without ids name campaigns by their names: one that is known by its id is found by its name, or it would be there twice.
-- Slices are whole campaigns, so that no two workers write for the same one. Where in the table a campaign's rows lie is noted: in most
-- files they lie together, and whoever loads a slice need not read the others.

create or replace function marketing.import_stage(
  p_import_id bigint,
  p_read_rows bigint,
  p_sum boolean default false,
  p_slices integer default 1,
  p_check_copies boolean default true
)
  returns table (line bigint, reason text, detail jsonb)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
  set work_mem = '128MB'
as $$
#variable_conflict use_column
declare
  v_table    text := format('marketing._import_%s', p_import_id);
  v_unknown  jsonb;
  v_alike    jsonb;
  v_archived datemultirange := marketing._archived_months();
begin
  perform from marketing.imports as i where i.id = p_import_id and i.status = 'open' for update;
  if not found then
    perform platform.fail('import_not_found', jsonb_build_object('import_id', p_import_id));
  end if;
  if not p_sum and p_check_copies then
    for line, reason, detail in execute format(
      $sql$
        with twice as materialized (
          select s.platform, s.account, s.campaign, s.date, s.hour, min(s.line) as line, count(*) as rows
          from %1$s as s
          group by s.platform, s.account, s.campaign, s.date, s.hour
          having count(*) > 1
        ),
        gone as (
          delete from %1$s as s
          using twice as t
          where (s.platform, s.account, s.campaign, s.date) = (t.platform, t.account, t.campaign, t.date)
            and s.hour is not distinct from t.hour
          returning s.line, s.campaign, s.date, s.hour, t.line as first, t.rows
        )
        select g.line, 'duplicate', jsonb_build_object(
          'campaign', g.campaign, 'date', g.date, 'hour', g.hour, 'first_line', g.first, 'rows', g.rows
        )
        from gone as g
        order by g.line
      $sql$, v_table
    )
    loop
      return next;
    end loop;
  end if;
  for line, reason, detail in execute format(
    case when p_sum then
      $sql$
        with wrong as materialized (
          select
            s.platform, s.account, s.campaign, s.date, s.hour, sum(s.impressions) as impressions, sum(s.clicks) as clicks,
            s.hour is null and sum(s.clicks) > sum(s.impressions) and sum(s.impressions) > 0 as is_clicked
          from %1$s as s
          group by s.platform, s.account, s.campaign, s.date, s.hour
          having s.hour is null and sum(s.clicks) > sum(s.impressions) and sum(s.impressions) > 0
            or greatest(sum(s.impressions), sum(s.clicks), sum(s.likes), sum(s.shares), sum(s.comments), sum(s.saves)) >= 1e15
            or greatest(sum(s.cost), sum(s.conversions), abs(sum(s.revenue))) >= 1e14
        ), gone as (
          delete from %1$s as s
          using wrong as w
          where (s.platform, s.account, s.campaign, s.date) = (w.platform, w.account, w.campaign, w.date)
            and s.hour is not distinct from w.hour
          returning s.line, w.impressions, w.clicks, w.is_clicked
        )
        select
          g.line, case when g.is_clicked then 'too_many_clicks' else 'sum_too_large' end,
          jsonb_build_object('impressions', g.impressions, 'clicks', g.clicks)
        from gone as g
        order by g.line
      $sql$
    else
      $sql$
        with gone as (
          delete from %1$s as s
          where s.hour is null and s.clicks > s.impressions and s.impressions > 0
          returning s.line, s.impressions, s.clicks
        )
        select g.line, 'too_many_clicks', jsonb_build_object('impressions', g.impressions, 'clicks', g.clicks)
        from gone as g
        order by g.line
      $sql$
    end, v_table
  )
  loop
    return next;
  end loop;
  if not isempty(v_archived) then
    for line, reason, detail in execute format(
      $sql$
        with gone as (
          delete from %s as s where s.date <@ $1 returning s.line, s.date
        )
        select g.line, 'month_archived', jsonb_build_object('date', g.date) from gone as g order by g.line
      $sql$, v_table
    ) using v_archived
    loop
      return next;
    end loop;
  end if;

  for line, reason, detail in execute format(
    $sql$
      with gone as (
        delete from %s as s where s.date > $1 returning s.line, s.date
      )
      select g.line, 'day_to_come', jsonb_build_object('date', g.date) from gone as g order by g.line
    $sql$, v_table
  ) using marketing._last_day()
  loop
    return next;
  end loop;

  execute format(
    $sql$
      create unlogged table %1$s_campaigns with (autovacuum_enabled = false) as
      select
        n.platform, n.account, n.campaign, n.campaign as known_as, max(n.name) as name, count(*) as rows, sum(n.copies)::bigint as copies,
        min(n.date) as date_from, max(n.date) as date_to, min(n.place_from) as place_from, max(n.place_to) as place_to,
        null::bigint as campaign_id, null::integer as slice
      from %2$s as n
      group by n.platform, n.account, n.campaign
    $sql$,
    v_table,
    case when p_sum then
      format(
        $sql$
          (
            select s.platform, s.account, s.campaign, s.date, s.hour, max(s.campaign_name) as name, count(*) as copies,
              min(s.ctid) as place_from, max(s.ctid) as place_to
            from %s as s
            group by s.platform, s.account, s.campaign, s.date, s.hour
          )
        $sql$, v_table
      )
    else
      format(
        $sql$
          (
            select s.platform, s.account, s.campaign, s.date, s.campaign_name as name, 1 as copies, s.ctid as place_from, s.ctid as place_to
            from %s as s
          )
        $sql$, v_table
      )
    end
  );
  execute format(
    $sql$
      select jsonb_agg(s.platform || ':' || s.account order by s.platform, s.account)
      from (select distinct t.platform, t.account from %s_campaigns as t) as s
      where not exists (
        select from marketing.marketing_accounts as a where (a.platform, a.account_id) = (s.platform, s.account)
      )
    $sql$, v_table
  ) into v_unknown;
  if v_unknown is not null then
    perform platform.fail('import_account_unknown', jsonb_build_object('accounts', v_unknown, 'account', v_unknown ->> 0));
  end if;

  execute format(
    $sql$
      with named as (
        select c.platform, c.account, c.campaign, min(g.campaign_id) as known_as, array_agg(g.campaign_id order by g.campaign_id) as ids
        from %1$s_campaigns as c
        join marketing.marketing_accounts as a on (a.platform, a.account_id) = (c.platform, c.account)
        join marketing.campaigns as g on g.marketing_account_id = a.id and g.campaign_name = c.campaign
        where c.name = c.campaign
          and not exists (select from marketing.campaigns as e where e.marketing_account_id = a.id and e.campaign_id = c.campaign)
        group by c.platform, c.account, c.campaign
      ),
      found as (
        update %1$s_campaigns as c
        set known_as = n.known_as
        from named as n
        where (c.platform, c.account, c.campaign) = (n.platform, n.account, n.campaign) and cardinality(n.ids) = 1
      )
      select jsonb_build_object('campaign', n.campaign, 'ids', to_jsonb(n.ids))
      from named as n
      where cardinality(n.ids) > 1
      order by n.campaign
      limit 1
    $sql$, v_table
  ) into v_alike;
  if v_alike is not null then
    perform platform.fail('import_campaign_ambiguous', v_alike);
  end if;
  execute format(
    $sql$
      update %1$s_campaigns as c
      set campaign_id = f.id
      from (
        select a.platform, a.account_id, jsonb_agg(jsonb_build_object('campaign_id', n.known_as, 'campaign_name', n.name)), a.id
        from %1$s_campaigns as n
        join marketing.marketing_accounts as a on (a.platform, a.account_id) = (n.platform, n.account)
        group by a.id
        order by a.id
      ) as w (platform, account, campaigns, id)
      cross join lateral marketing._ensure_campaigns(w.id, w.campaigns) as f (campaign, id)
      where (c.platform, c.account, c.known_as) = (w.platform, w.account, f.campaign)
    $sql$, v_table
  );
  execute format(
    $sql$
      with ranked as (
        select
          n.campaign_id,
          div((sum(n.rows) over (order by n.campaign_id) - n.rows) * $2, sum(n.rows) over ()) + 1 as slice
        from %1$s_campaigns as n
      ),
      cut as (
        update %1$s_campaigns as c
        set slice = r.slice
        from ranked as r
        where r.campaign_id = c.campaign_id
        returning c.slice, c.campaign_id, c.rows, c.date_from, c.date_to
      )
      insert into marketing.import_slices (import_id, slice, campaign_ids, date_from, date_to, rows)
      select $1, c.slice, array_agg(c.campaign_id order by c.campaign_id), min(c.date_from), max(c.date_to), sum(c.rows)
      from cut as c
      group by c.slice
    $sql$, v_table
  ) using p_import_id, greatest(p_slices, 1);
  execute format('analyze %s_campaigns', v_table);

  perform marketing._cover_months(min(s.date_from), max(s.date_to))
  from marketing.import_slices as s
  where s.import_id = p_import_id
  having count(*) > 0;
  execute format(
    $sql$
      update marketing.imports as i
      set status = 'staged', read_rows = $2, staged_rows = n.copies, summed_rows = n.copies - n.rows
      from (select coalesce(sum(c.copies), 0), coalesce(sum(c.rows), 0) from %s_campaigns as c) as n (copies, rows)
      where i.id = $1
    $sql$, v_table
  ) using p_import_id, p_read_rows;
end;
$$;

comment on function marketing.import_stage(bigint, bigint, boolean, integer, boolean) is $$
End the reading of a file: finds its campaigns by their ids (by their names where these stand for ids), or makes them, takes out what cannot
be loaded, and cuts the rest into slices.
p_import_id: the import, open.
p_read_rows: how many rows the file has, with those that were not copied.
p_sum: whether rows of one campaign, day and hour are added up; else all of them are taken out.
p_slices: into how many parts at most.
p_check_copies: whether rows of one campaign, day and hour are looked for; else marketing.import_load refuses the slice that has some.
Returns: a row for each that was taken out: line, reason (duplicate, month_archived, day_to_come: it is later than tomorrow,
too_many_clicks, sum_too_large) and what there is to know.
Errors: MM055 import_not_found, MM056 import_account_unknown (detail: accounts), MM060 import_campaign_ambiguous (a name that several
campaigns have stands for an id).
Locks: the import; what marketing._ensure_campaigns and marketing._cover_months lock.
$$;
