create or replace function marketing.request_report(
  p_workspace_id bigint,
  p_title text,
  p_report_type text,
  p_from date default null,
  p_to date default null,
  p_config jsonb default '{}',
  p_compare text default 'previous',
  p_request_key text default null
)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $$
declare
  v_period  daterange;
  v_compare daterange;
  v_answer  jsonb;
begin
  perform marketing._require_role(p_workspace_id, 'user');
  v_answer := platform.claim_request('marketing.request_report', p_request_key, jsonb_build_object(
    'workspace_id', p_workspace_id, 'user_id', marketing._acting_user(), 'title', p_title, 'report_type', p_report_type,
    'from', p_from, 'to', p_to, 'config', p_config, 'compare', p_compare
  ));
  if v_answer is not null then
    return (v_answer ->> 'report_id')::bigint;
  end if;

  perform marketing._check_report(p_title, p_report_type, '{daily,weekly,monthly,custom}', p_config);
  v_period := marketing._find_report_period(p_workspace_id, p_report_type, p_from, p_to);
  v_compare := marketing._compare_period(coalesce(p_compare, 'previous'), p_report_type, v_period);

  insert into marketing.reports (
    workspace_id, user_id, title, report_type, date_from, date_to, compare_from, compare_to, config, created_at
  )
  values (
    p_workspace_id, marketing._acting_user(), p_title, p_report_type, lower(v_period), upper(v_period) - 1,
    lower(v_compare), upper(v_compare) - 1, coalesce(p_config, '{}'), platform.now()
  )
  returning jsonb_build_object('report_id', id) into v_answer;

  perform platform.complete_request('marketing.request_report', p_request_key, v_answer);
  return (v_answer ->> 'report_id')::bigint;
end;
$$;

comment on function marketing.request_report(bigint, text, text, date, date, jsonb, text, text) is $$
Ask for a report. It is made by `moadb reports run`; marketing.v_reports says how it stands, marketing.report_data has its figures at once.
p_workspace_id: workspace whose figures it has.
p_title: title, 1 to 255 characters.
p_report_type: daily, weekly (from Monday), monthly or custom.
p_from: first day. Without p_to, any day of the period; without both, the last period that is over in the workspace's zone. custom needs
both.
p_to: last day, which counts; 1,100 days after p_from at most. Both lie between 1900 and 2999.
p_config: what it holds, all optional: "channels": names of marketing.channels, default all, and what has none; "metrics": of impressions,
clicks, ctr, cost, cpc, cpm, conversions, conversion_rate, cpa, revenue, roas, roi, likes, shares, comments, saves, default the first
twelve; "currency": default the workspace's; "formats": of xlsx, pdf, default both; "language": ko (default) or en.
p_compare: what it is compared with: previous (as many days before; of a month the month before), year (the same dates; of a week the one
52 weeks before), none, or days as 2026-01-01/2026-01-31.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same report. Null: none.
Returns: the report's id.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing,
MM005 marketing_argument_invalid, MM131 report_config_invalid, MM132 report_period_invalid; of p_request_key MP051 request_key_invalid,
MP052 request_key_reused.
Source: specification 003, reports.
$$;
