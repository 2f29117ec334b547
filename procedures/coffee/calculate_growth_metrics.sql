-- A day is that of each user's own zone, so the records of three UTC days are looked at. What is counted is counted from the records
-- themselves, for those who did something that day: a record that was entered late, changed or deleted is right as soon as its day is
-- computed again. Rows that would stay the same are not written.

create or replace function coffee.calculate_growth_metrics(p_date date)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_from    timestamptz;
  v_to      timestamptz;
  v_written bigint;
begin
  if p_date is null then
    perform platform.fail('coffee_argument_missing', jsonb_build_object('argument', 'p_date'));
  elsif p_date not between '2000-01-01' and '2999-12-31' then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_date', 'value', p_date, 'problem', 'it is 2000-01-01 to 2999-12-31'
    ));
  end if;

  v_from := (p_date - 1)::timestamp at time zone 'UTC';
  v_to := (p_date + 2)::timestamp at time zone 'UTC';

  with records as materialized (
    select
      t.id, t.created_at, t.user_id, t.coffee_id, t.is_subscription_coffee, t.taste_vector,
      (select count(coffee._layer_value(t.taste_layers, l)) from unnest(coffee._taste_layers()) as l) as layers,
      (
        select a.match_score
        from coffee.ai_analyses as a
        where a.record_id = t.id and a.record_created_at = t.created_at and a.match_score is not null
        order by a.created_at desc
        limit 1
      ) as match_score
    from coffee.taste_records as t
    join coffee.users as u on u.id = t.user_id
    where t.created_at >= v_from
      and t.created_at < v_to
      and (t.created_at at time zone u.time_zone)::date = p_date
  ), alike as (
    select r.user_id, avg(greatest(0, 100 * (1 - extensions.cosine_distance(r.taste_vector, b.taste_vector)))) as score
    from records as r
    cross join lateral (
      select b.taste_vector
      from coffee.taste_records as b
      where b.user_id = r.user_id
        and b.coffee_id = r.coffee_id
        and b.created_at >= v_from - interval '1 year'
        and b.created_at < v_to
        and (b.created_at, b.id) < (r.created_at, r.id)
        and extensions.vector_norm(b.taste_vector) > 0
      order by b.created_at desc, b.id desc
      limit 1
    ) as b
    where extensions.vector_norm(r.taste_vector) > 0
    group by r.user_id
  ), guesses as (
    select
      f.user_id,
      count(*) as guesses,
      count(*) filter (where f.blind_guess_correct) as correct,
      avg(f.blind_guess_score) as score
    from coffee.subscription_feedback as f
    join coffee.users as u on u.id = f.user_id
    where f.guessed_at >= v_from and f.guessed_at < v_to and (f.guessed_at at time zone u.time_zone)::date = p_date
    group by f.user_id
  ), matches as (
    select m.user_id, avg(m.match_score) as score
    from (
      select r.user_id, r.match_score
      from records as r
      union all
      select f.user_id, f.taste_match_score
      from coffee.subscription_feedback as f
      join coffee.users as u on u.id = f.user_id
      where f.created_at >= v_from and f.created_at < v_to and (f.created_at at time zone u.time_zone)::date = p_date
    ) as m
    where m.match_score is not null
    group by m.user_id
  ), flavors as (
    select f.user_id, count(*) as flavors
    from (
      select distinct r.user_id, f.flavor_id
      from records as r
      join coffee.taste_record_flavors as f on f.record_id = r.id and f.record_created_at = r.created_at
    ) as f
    join coffee.users as u on u.id = f.user_id
    where not exists (
      select
      from coffee.taste_record_flavors as o
      where o.user_id = f.user_id and o.flavor_id = f.flavor_id and (o.record_created_at at time zone u.time_zone)::date < p_date
    )
    group by f.user_id
  ), day as (
    select
      r.user_id,
      count(*) as records,
      count(distinct r.coffee_id) as coffees,
      count(*) filter (where r.is_subscription_coffee) as subscription_coffees,
      max(r.layers) as layers
    from records as r
    group by r.user_id
  ), figures as (
    select
      w.user_id,
      coalesce(d.records, 0) as records_created,
      coalesce(d.coffees, 0) as unique_coffees,
      coalesce(d.subscription_coffees, 0) as subscription_coffees_tried,
      round(m.score, 2) as taste_accuracy,
      round(c.score::numeric, 2) as consistency_score,
      case
        when g.user_id is not null
          then jsonb_build_object('guesses', g.guesses, 'correct', g.correct, 'average_score', round(g.score, 2))
      end as blind_test_results,
      round(g.score, 2) as blind_box_accuracy,
      coalesce(n.flavors, 0) as new_flavors_detected,
      greatest(1, d.layers) as complexity_level,
      t.records as total_records,
      t.coffees as total_unique_coffees,
      (
        select count(distinct o.order_month)
        from coffee.subscription_orders as o
        where o.user_id = w.user_id
          and o.status in ('paid', 'shipped', 'delivered')
          and o.created_at < v_to
          and (o.created_at at time zone u.time_zone)::date <= p_date
      ) as total_subscription_months
    from (
      select d.user_id from day as d
      union
      select g.user_id from guesses as g
      union
      select m.user_id from matches as m
    ) as w
    join coffee.users as u on u.id = w.user_id
    left join day as d on d.user_id = w.user_id
    left join alike as c on c.user_id = w.user_id
    left join guesses as g on g.user_id = w.user_id
    left join matches as m on m.user_id = w.user_id
    left join flavors as n on n.user_id = w.user_id
    cross join lateral (
      select count(*) as records, count(distinct t.coffee_id) as coffees
      from coffee.taste_records as t
      where t.user_id = w.user_id and t.created_at < v_to and (t.created_at at time zone u.time_zone)::date <= p_date
    ) as t
  ), gone as (
    delete from coffee.user_growth_metrics as s
    where s.date = p_date and not exists (select from figures as f where f.user_id = s.user_id)
    returning 1
  ), written as (
    insert into coffee.user_growth_metrics as s (
      user_id, date, records_created, unique_coffees, subscription_coffees_tried, taste_accuracy, consistency_score, blind_test_results,
      blind_box_accuracy, new_flavors_detected, complexity_level, expertise_score, total_records, total_unique_coffees,
      total_subscription_months
    )
    select
      f.user_id, p_date, f.records_created, f.unique_coffees, f.subscription_coffees_tried, f.taste_accuracy, f.consistency_score,
      f.blind_test_results, f.blind_box_accuracy, f.new_flavors_detected, f.complexity_level,
      round(
        (coalesce(f.taste_accuracy, 0) + coalesce(f.consistency_score, 0) + coalesce(f.blind_box_accuracy, 0))
        / nullif(num_nonnulls(f.taste_accuracy, f.consistency_score, f.blind_box_accuracy), 0)
        * f.total_records / (f.total_records + 10), 2
      ),
      f.total_records, f.total_unique_coffees, f.total_subscription_months
    from figures as f
    order by f.user_id
    on conflict (user_id, date) do update
    set records_created = excluded.records_created,
      unique_coffees = excluded.unique_coffees,
      subscription_coffees_tried = excluded.subscription_coffees_tried,
      taste_accuracy = excluded.taste_accuracy,
      consistency_score = excluded.consistency_score,
      blind_test_results = excluded.blind_test_results,
      blind_box_accuracy = excluded.blind_box_accuracy,
      new_flavors_detected = excluded.new_flavors_detected,
      complexity_level = excluded.complexity_level,
      expertise_score = excluded.expertise_score,
      total_records = excluded.total_records,
      total_unique_coffees = excluded.total_unique_coffees,
      total_subscription_months = excluded.total_subscription_months
    where s is distinct from excluded
    returning 1
  )
  select (select count(*) from gone) + (select count(*) from written) into v_written;

  if platform.now() >= (p_date + 1 + time '12:00') at time zone 'UTC' then
    insert into coffee.growth_days (date, calculated_at)
    values (p_date, platform.now())
    on conflict do nothing;
  end if;
  return v_written;
end;
$$;

comment on function coffee.calculate_growth_metrics(date) is $$
Compute the rows of user_growth_metrics of a day, or compute them anew: the same day again gives the same rows. A day that is not over
yet is computed as far as it goes. coffee.refresh_growth_metrics calls it; call it yourself after taste records were entered for a day
long past. The totals of the days after it are then those of their own computation, until they are computed again.
p_date: the day, in the time zone of each user; 2000-01-01 to 2999-12-31.
Returns: how many rows were written or deleted; 0 when all were there and the same.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid.
Locks: the day's rows.
Source: specification 000, user_growth_metrics.
$$;
