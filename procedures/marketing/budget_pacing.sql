create or replace function marketing.budget_pacing(p_budget_id bigint, p_as_of date default null)
  returns table (
    budget_id bigint,
    as_of date,
    currency text,
    total_amount numeric,
    spent_amount numeric,
    remaining_amount numeric,
    expected_amount numeric,
    projected_amount numeric,
    run_out_date date,
    safe_daily_spend numeric,
    days_total integer,
    days_elapsed integer,
    days_left integer,
    pacing text,
    status text,
    missing_rates text[]
  )
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform marketing._require_budget(p_budget_id, 'viewer');
  if p_as_of not between '1900-01-01' and '2999-12-31' then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_as_of', 'value', p_as_of, 'problem', 'it is 1900-01-01 to 2999-12-31'
    ));
  end if;
  return query select p.* from marketing._pace(p_budget_id, p_as_of) as p;
end;
$$;

comment on function marketing.budget_pacing(bigint, date) is $$
How a budget stands on a day.
p_budget_id: the budget; the acting user is a member of its workspace.
p_as_of: the day, of 1900 to 2999; null: today in the workspace's zone.
Returns: one row, in the budget's currency.
spent_amount: to the end of the day, as it is known now; remaining_amount: the total less that; missing_rates (FROM/TO): what was spent
there is in neither.
expected_amount: what of the total was meant for the days to the end of this one: the same for each (linear), or as much as the last eight
weeks spent on its weekday (weekday; linear until there are two weeks with spend). pacing says which it is.
projected_amount: what will be spent in the end, going on as on the budget's days that are over (today is not); not more than the daily
budgets of its campaigns allow, when all that run have one: twice on a day, 30.4 times in a calendar month. Null: no day is over.
run_out_date: the day on which the total was, or would be reached; null: not before the end.
safe_daily_spend: what may be spent on each of the days_left, those that are not over; the total lasts to the end then. 0 after the end.
days_total, days_elapsed: from start to end, and to the end of p_as_of.
status: not_started; on_track; ahead, behind: the projection is 10 per cent or more off the total; spent: no more and no less; overspent
(of a daily budget: more than platforms may spend of it, marketing.create_budget); ended; closed.
Errors: MM002 not_permitted, MM003 acting_user_required, MM005 marketing_argument_invalid, MM090 budget_not_found.
Source: https://support.google.com/google-ads/answer/1704443.
$$;
