-- requires: procedures/marketing/_archived_months.sql
--
-- What a platform may still change is read again, and what was missed: days that were not read, and days that might still change when they
-- were, which after an outage would stay for ever as they were on its first day (sync_cursors.settled_to). A platform that keeps no more
-- than some months, or gives no more than some days at once, is asked for what it has. Months that are in the archive take no rows, so
-- the first account that is connected after them, or an outage as long, would be refused with all that it brings.

create or replace function marketing.next_sync_window(
  p_account_id bigint, p_stream text default 'campaign_metrics', p_sync_type text default 'incremental'
)
  returns table (window_from date, window_to date)
  language plpgsql
  stable
  security definer
  rows 5
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_account_id is null or p_stream is null or p_sync_type is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', case
      when p_account_id is null then 'p_account_id' when p_stream is null then 'p_stream' else 'p_sync_type'
    end));
  elsif p_sync_type not in ('full', 'incremental') then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_sync_type', 'value', p_sync_type, 'problem', 'it is full or incremental'
    ));
  end if;
  perform marketing._require_account(p_account_id, 'viewer');

  return query
  with wanted as (
    select
      t.today,
      f.max_days_per_call as days,
      greatest(
        (t.today - make_interval(months => coalesce(f.history_months, 37)))::date + 1,
        case when p_stream = 'campaign_metrics' then upper(marketing._archived_months()) end,
        case
          when p_sync_type = 'incremental' and c.settled_to is not null
            then least(c.settled_to + 1, t.today - coalesce(a.restate_days, f.restate_days))
        end
      ) as first_day
    from marketing.marketing_accounts as a
    join marketing.platforms as f on f.code = a.platform
    left join marketing.sync_cursors as c on c.marketing_account_id = a.id and c.stream = p_stream
    cross join lateral (select (platform.now() at time zone a.time_zone)::date as today) as t
    where a.id = p_account_id
  )
  select d.day::date, least(d.day::date + coalesce(w.days, 100000) - 1, w.today)
  from wanted as w
  cross join lateral generate_series(
    w.first_day::timestamp, w.today::timestamp, make_interval(days => coalesce(w.days, 100000))
  ) as d (day)
  order by d.day;
end;
$$;

comment on function marketing.next_sync_window(bigint, text, text) is $$
Which days are to be read next, as the list of calls to make to the platform.
p_account_id: the account (marketing_accounts.id).
p_stream: campaign_metrics, conversion_facts or window_metrics.
p_sync_type: incremental: from as far back as the platform still changes its figures (restate_days of the account, else of its platform), or
from the first day that was not read yet, or was last read when it might still change, whichever is earlier; full, and what was
never read: all that the platform keeps, 37 months where it keeps all. Of campaign_metrics nothing before the last month that is in the
archive: give marketing.sync_start the days of older ones, once they are restored.
Returns: a row per call, ascending: window_from, window_to, days in the account's calendar; the last is its today. No window is longer than
the platform gives at once.
Errors: MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing, MM005 marketing_argument_invalid,
MM007 ad_account_not_found.
$$;
