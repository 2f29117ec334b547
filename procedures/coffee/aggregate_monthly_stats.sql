-- The month of the records is that of each user's own zone; so is the month of the feedback. Subscriptions are locked in key order, and
-- only those whose satisfaction changes are written: it is their row that billing needs.

create or replace function coffee.aggregate_monthly_stats(p_month date default null)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_month    date;
  v_from     timestamptz;
  v_to       timestamptz;
  v_users    bigint;
  v_contents bigint;
begin
  v_month := date_trunc('month', coalesce(p_month::timestamp, (platform.now() at time zone 'UTC') - interval '1 month'))::date;
  if v_month not between '2000-01-01' and '2999-12-01' then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_month', 'value', p_month, 'problem', 'it is a day of the years 2000 to 2999'
    ));
  end if;
  v_from := (v_month - 1)::timestamp at time zone 'UTC';
  v_to := (v_month + interval '1 month 1 day') at time zone 'UTC';

  with records as materialized (
    select
      t.user_id, t.coffee_id, t.is_subscription_coffee,
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
      and date_trunc('month', t.created_at at time zone u.time_zone) = v_month
  ), feedback as materialized (
    select
      f.user_id,
      case when date_trunc('month', f.created_at at time zone u.time_zone) = v_month then f.taste_match_score end as match_score,
      case when date_trunc('month', f.guessed_at at time zone u.time_zone) = v_month then f.blind_guess_score end as guess_score
    from coffee.subscription_feedback as f
    join coffee.users as u on u.id = f.user_id
    where f.created_at >= v_from and f.created_at < v_to or f.guessed_at >= v_from and f.guessed_at < v_to
  ), figures as (
    select
      d.user_id,
      count(d.coffee_id) as records_created,
      count(distinct d.coffee_id) as unique_coffees,
      count(*) filter (where d.is_subscription_coffee) as subscription_coffees_tried,
      round(avg(d.match_score), 2) as taste_accuracy,
      round(avg(d.guess_score), 2) as blind_box_accuracy
    from (
      select r.user_id, r.coffee_id, r.is_subscription_coffee, r.match_score, null::numeric as guess_score
      from records as r
      union all
      select f.user_id, null, false, f.match_score, f.guess_score
      from feedback as f
      where num_nonnulls(f.match_score, f.guess_score) > 0
    ) as d
    group by d.user_id
  ), gone as (
    delete from coffee.user_growth_monthly as s
    where s.month = v_month and not exists (select from figures as f where f.user_id = s.user_id)
    returning 1
  ), written as (
    insert into coffee.user_growth_monthly as s (
      user_id, month, records_created, unique_coffees, subscription_coffees_tried, taste_accuracy, blind_box_accuracy
    )
    select
      f.user_id, v_month, f.records_created, f.unique_coffees, f.subscription_coffees_tried, f.taste_accuracy, f.blind_box_accuracy
    from figures as f
    order by f.user_id
    on conflict (user_id, month) do update
    set records_created = excluded.records_created,
      unique_coffees = excluded.unique_coffees,
      subscription_coffees_tried = excluded.subscription_coffees_tried,
      taste_accuracy = excluded.taste_accuracy,
      blind_box_accuracy = excluded.blind_box_accuracy
    where s is distinct from excluded
    returning 1
  )
  select (select count(*) from gone) + (select count(*) from written) into v_users;

  with satisfaction as (
    select o.subscription_id, round(avg(f.overall_rating), 2) as rating
    from coffee.subscription_feedback as f
    join coffee.users as u on u.id = f.user_id
    join coffee.subscription_orders as o on o.id = f.order_id
    where f.created_at >= v_from
      and f.created_at < v_to
      and date_trunc('month', f.created_at at time zone u.time_zone) = v_month
      and f.overall_rating is not null
    group by o.subscription_id
  ), changed as (
    select
      s.id,
      s.metadata || jsonb_build_object('monthly_satisfaction', r.rating, 'monthly_satisfaction_month', v_month) as metadata
    from coffee.coffee_subscriptions as s
    left join satisfaction as r on r.subscription_id = s.id
    where s.status in ('active', 'past_due', 'pending_cancel')
      and coalesce((s.metadata ->> 'monthly_satisfaction_month')::date, '-infinity') <= v_month
      and case
        when r.rating is null then (s.metadata ->> 'monthly_satisfaction') is not null
        else s.metadata is distinct from
          s.metadata || jsonb_build_object('monthly_satisfaction', r.rating, 'monthly_satisfaction_month', v_month)
      end
    order by s.id
    for no key update of s
  )
  update coffee.coffee_subscriptions as s
  set metadata = c.metadata
  from changed as c
  where c.id = s.id;

  get diagnostics v_contents = row_count;
  return v_users + v_contents;
end;
$$;

comment on function coffee.aggregate_monthly_stats(date) is $$
Write user_growth_monthly of a month, and into metadata of the subscriptions what their holders thought of the boxes in it:
monthly_satisfaction, the mean overall_rating of the month's feedback, and monthly_satisfaction_month. The first month without feedback
writes null, those after it nothing. A figure of a later month is not overwritten. Subscriptions that do not run (paused, unpaid,
cancelled) keep what they have: the specification writes the active ones, of which past_due and pending_cancel are two kinds.
The same month again gives the same rows. The job coffee.aggregate_monthly_stats does it on the second of each month.
p_month: any day of the month; null: the month before this one, in UTC. Records and feedback belong to the month that their user's own
calendar shows.
Returns: how many rows were written or deleted; 0 when all were there and the same.
Errors: MF002 coffee_argument_invalid.
Locks: the changed rows of coffee_subscriptions by ascending id, those of user_growth_monthly.
Source: specification 000, aggregate_monthly_stats.
$$;
