-- People who were reached on two days are not the sum of the days: an answer is what the platform told for exactly this window, or none.

create or replace function marketing.get_window_metric(p_campaign_id bigint, p_metric text, p_from date, p_to date)
  returns numeric
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_value numeric;
begin
  perform marketing._require_campaign(p_campaign_id, 'viewer');
  perform marketing._check_dates(p_from, p_to);

  select m.value into v_value
  from marketing.window_metrics as m
  where (m.campaign_id, m.metric, m.date_from, m.date_to) = (p_campaign_id, p_metric, p_from, p_to);
  if not found then
    perform platform.fail('metric_not_additive', jsonb_build_object(
      'metric', p_metric, 'from', p_from, 'to', p_to, 'by', 'campaign', 'windows', (
        select jsonb_agg(jsonb_build_object('from', n.date_from, 'to', n.date_to) order by n.date_to desc, n.date_from)
        from (
          select m.date_from, m.date_to
          from marketing.window_metrics as m
          where m.campaign_id = p_campaign_id and m.metric = p_metric
          order by m.date_to desc, m.date_from
          limit 20
        ) as n
      )
    ));
  end if;
  return v_value;
end;
$$;

comment on function marketing.get_window_metric(bigint, text, date, date) is $$
Reach, frequency or another metric that cannot be added up, of one campaign for exactly one window.
p_campaign_id: the campaign.
p_metric: reach, frequency, unique_clicks or unique_conversions.
p_from and p_to: first and last day of the window, as it was recorded.
Returns: the value.
Errors: MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing, MM005 marketing_argument_invalid,
MM007 ad_account_not_found, MM008 campaign_not_found, MM052 metric_not_additive when there is none of exactly that window (detail:
windows, the newest 20 that there are).
Source: research 4.2 #3, 4.4 T14.
$$;
