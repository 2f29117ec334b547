-- The specification keeps a copy of the subscription in the user's row. It is a copy: this writes it, from all subscriptions of the
-- user, and writes only what differs, so that a billing run leaves the users alone. What ends by itself (grace) ends in the copy when
-- the subscription's row is written next; coffee.entitled answers for an instant.
-- The user's row is locked by a statement of its own: of two subscriptions that change at once the second copies what the first became.

create or replace function coffee._coffee_subscriptions_users()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform from coffee.users as u where u.id = new.user_id for no key update;
  update coffee.users as u
  set subscription_tier = c.tier, subscription_type = c.type, subscription_expires_at = c.expires_at, lab_pro_active = c.lab_pro
  from coffee._user_subscription(new.user_id) as c
  where u.id = new.user_id
    and (u.subscription_tier, u.subscription_type, u.subscription_expires_at, u.lab_pro_active)
    is distinct from (c.tier, c.type, c.expires_at, c.lab_pro);
  return null;
end;
$$;

comment on function coffee._coffee_subscriptions_users() is $$
Trigger function: keeps subscription_tier, subscription_type, subscription_expires_at and lab_pro_active of coffee.users what the
subscriptions of the user say (coffee._user_subscription).
Returns: null.
Locks: the user's row.
$$;

create or replace trigger coffee_subscriptions_users_insert
  after insert on coffee.coffee_subscriptions
  for each row
  execute function coffee._coffee_subscriptions_users();

create or replace trigger coffee_subscriptions_users
  after update of status, type, includes_lab_pro, cancel_at, grace_until, pause_at on coffee.coffee_subscriptions
  for each row
  when (
    (old.status, old.type, old.includes_lab_pro, old.cancel_at, old.grace_until, old.pause_at)
    is distinct from (new.status, new.type, new.includes_lab_pro, new.cancel_at, new.grace_until, new.pause_at)
  )
  execute function coffee._coffee_subscriptions_users();
