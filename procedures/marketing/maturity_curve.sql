create or replace function marketing.maturity_curve(p_account_id bigint, p_metric text default 'conversions', p_days integer default 28)
  returns table (age integer, campaign_days bigint, known numeric, final numeric, share numeric)
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  perform marketing._require_account(p_account_id, 'viewer');
  perform marketing._check_maturity(p_metric, p_days);
  return query select m.age, m.campaign_days, m.known, m.final, m.share from marketing._maturity(p_account_id, p_metric, p_days) as m;
end;
$$;

comment on function marketing.maturity_curve(bigint, text, integer) is $$
How an account's figures mature: how much of what a day came to in the end was known so many days after it. Platforms count conversions to
the day of the click, so that yesterday always looks worse than it was. One account each: platforms mature differently.
p_account_id: the account (marketing_accounts.id).
p_metric: impressions, clicks, cost, conversions or revenue.
p_days: age from which a day is taken as final, 1 to 60.
Returns: one row per age, as far as something is known: age 0 is the end of the day in the account's zone; campaign_days, how many days of
campaigns were compared, out of the 90 days that are old enough; known and final, the sums then and now; share, their quotient; null: now it
is 0. Needs facts and versions that are not archived.
Errors: MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing, MM005 marketing_argument_invalid,
MM007 ad_account_not_found.
Source: research 4.3 #1.
$$;
