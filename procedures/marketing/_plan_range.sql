-- Month and week begin where they begin in every year: a week belongs to the year of its Monday nowhere here, it has no number.

create or replace function marketing._plan_range(
  p_from date, p_to date, p_grain text, out first_whole date, out last_whole date, out whole_to date, out head_to date, out tail_from date
)
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select
    case when w.is_some then w.first end,
    case when w.is_some then (w.after - u.step)::date end,
    case when w.is_some then w.after - 1 end,
    case when w.is_some then w.first - 1 else p_to end,
    case when w.is_some then w.after else p_to + 1 end
  from (
    select
      case p_grain when 'day' then 'day' when 'week' then 'week' else 'month' end as name,
      case p_grain when 'day' then interval '1 day' when 'week' then interval '7 days' else interval '1 month' end as step
  ) as u
  cross join lateral (
    select
      b.first, b.after, p_grain <> 'day' and b.first < b.after as is_some
    from (
      select
        (date_trunc(u.name, (p_from - 1)::timestamp) + u.step)::date as first,
        date_trunc(u.name, (p_to + 1)::timestamp)::date as after
    ) as b
  ) as w
$$;

comment on function marketing._plan_range(date, date, text) is $$
Cut a range of days into whole weeks or months and the days before and after them.
p_from, p_to: first and last day.
p_grain: week: whole weeks from Monday; month or total: whole months; day: none are whole.
Returns: first_whole and last_whole, the first days of the first and the last whole period, and whole_to, the last day of the last; null:
none lies whole in the range. The days before are p_from to head_to, those after tail_from to p_to, either may be none; when no period is
whole, all days are before.
$$;
