create or replace function coffee.list_subscriptions(p_user_id uuid)
  returns setof coffee.coffee_subscriptions
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
  select s.*
  from coffee.coffee_subscriptions as s
  join coffee.users as u on u.id = s.user_id and u.deleted_at is null
  where s.user_id = p_user_id
  order by s.subscription_no desc
$$;

comment on function coffee.list_subscriptions(uuid) is $$
A user's subscriptions, newest first.
p_user_id: the user.
Returns: rows of coffee_subscriptions; none of a user who has been deleted.
$$;
