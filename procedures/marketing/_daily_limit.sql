-- Months are those of the calendar, whatever their length: that is how platforms bill.

create or replace function marketing._daily_limit(p_daily_amount numeric, p_start_date date, p_end_date date, p_times integer)
  returns numeric
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select p_daily_amount * sum(least(p_times * m.days, 30.4))
  from (
    select count(*) as days
    from generate_series(0, p_end_date - p_start_date) as n
    group by to_char(p_start_date + n, 'YYYYMM')
  ) as m
$$;

comment on function marketing._daily_limit(numeric, date, date, integer) is $$
What a budget of so much a day comes to: never more than 30.4 times its amount in a calendar month.
p_daily_amount: its amount.
p_start_date: first day.
p_end_date: last day.
p_times: 1: what is meant to be spent; 2: what platforms may spend, twice as much on any day.
Returns: the amount, not rounded.
Source: https://support.google.com/google-ads/answer/1704443.
$$;
