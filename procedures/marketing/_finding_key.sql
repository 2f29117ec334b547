create or replace function marketing._finding_key(p_finding marketing.insight_finding)
  returns text
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select p_finding.rule_code
    || coalesce(':campaign ' || p_finding.campaign_id::text, ':account ' || p_finding.marketing_account_id::text)
    || coalesce(':' || p_finding.direction, '');
$$;

comment on function marketing._finding_key(marketing.insight_finding) is $$
What makes two findings the same, on whatever day.
p_finding: the finding.
Returns: insights.dedupe_key.
$$;
