create or replace function marketing.mature_estimate(
  p_workspace_id bigint, p_from date, p_to date, p_metric text default 'conversions', p_days integer default 28
)
  returns table (
    account_id bigint, account_name text, date date, currency text, age integer, reported numeric, share numeric, estimate numeric
  )
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
#variable_conflict use_column
begin
  perform marketing._require_role(p_workspace_id, 'viewer');
  perform marketing._check_dates(p_from, p_to);
  perform marketing._check_maturity(p_metric, p_days);
  perform marketing._refuse_archived(
    marketing._archived_months('campaign_daily') * datemultirange(daterange(p_from, p_to, '[]'))
  );

  return query
  with accounts as materialized (
    select a.id, coalesce(a.account_name, a.account_id)::text as name, a.currency, a.time_zone::text as time_zone
    from marketing.account_connections as n
    join marketing.marketing_accounts as a on a.id = n.marketing_account_id
    where n.workspace_id = p_workspace_id and n.disconnected_at is null
  ), curves as materialized (
    select a.id, m.age, m.share
    from accounts as a
    cross join lateral marketing._maturity(a.id, p_metric, p_days) as m
  ), days as (
    select
      a.id, a.name, a.currency, d.date,
      sum(marketing._measure(p_metric, d.impressions, d.clicks, d.cost, d.conversions, d.revenue)) as reported,
      (
        select (max(m.snapshot_at) at time zone a.time_zone)::date - d.date - 1
        from marketing.campaign_metrics as m
        join marketing.campaigns as c on c.id = m.campaign_id
        where c.marketing_account_id = a.id and m.date = d.date
      ) as age
    from accounts as a
    join marketing.campaigns as c on c.marketing_account_id = a.id
    join marketing.campaign_daily as d on d.campaign_id = c.id and d.date between p_from and p_to
    group by a.id, a.name, a.currency, a.time_zone, d.date
  )
  select d.id, d.name, d.date, d.currency, d.age, d.reported, s.share, round(d.reported / nullif(s.share, 0), 6)
  from days as d
  left join curves as u on u.id = d.id and u.age = d.age
  cross join lateral (select case when d.age >= p_days or d.age is null then 1 else u.share end) as s (share)
  order by d.date, d.id;
end;
$$;

comment on function marketing.mature_estimate(bigint, date, date, text, integer) is $$
What recent days will come to when their figures have matured, by each account's own maturity curve. An estimate, not a figure: nothing
else is computed from it.
p_workspace_id: the workspace.
p_from, p_to: first and last day.
p_metric: impressions, clicks, cost, conversions or revenue.
p_days: age from which a day is taken as final, 1 to 60.
Returns: one row per account and day: age, how many days after the end of the day its figures were last read (below 0: before it was over;
null: its facts are archived, so it is final); reported, the sum in the account's currency; share, how much of a day is known at that age;
estimate, reported / share; null: no share is known for that age.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing,
MM005 marketing_argument_invalid, MM073 days_archived.
Source: research 4.3 #1.
$$;
