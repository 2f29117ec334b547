-- Of a daily budget the money is used up, and told so, only when more is spent than platforms may spend of it.

create or replace function marketing._tell_spent(p_budget_ids bigint[])
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform marketing._tell_budget(b.id, 'spent', l.level, b.spent_amount)
  from marketing.budgets as b
  cross join lateral (values (b.alert_threshold), (100)) as l (level)
  where b.id = any (p_budget_ids) and b.closed_at is null
    and case
      when l.level = 100 and b.daily_amount is not null then marketing._is_overspent(b.id, b.end_date)
      else b.spent_amount >= b.total_amount * l.level / 100
    end
    and not exists (
      select from marketing.budget_alerts as a
      where a.budget_id = b.id and a.revision = b.revision and a.kind = 'spent' and a.level = l.level
    );
end;
$$;

comment on function marketing._tell_spent(bigint[]) is $$
Tell of budgets whose spending has reached their alert_threshold or 100 per cent, and was not told of in their revision. Closed ones are not
told of.
p_budget_ids: the budgets, locked by the caller.
$$;
