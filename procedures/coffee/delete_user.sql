-- Subscriptions come before their user, as everywhere. for update: whoever subscribes holds the user's row for key share, so a new
-- subscription is either seen here or refused there. Of tastings goes what tells of the person; what it tasted of stays, and with it every
-- sum and DNA, so their triggers find nothing to do.

create or replace function coffee.delete_user(p_user_id uuid)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_subscription_id uuid;
begin
  perform from coffee.coffee_subscriptions as s where s.user_id = p_user_id order by s.id for no key update;
  perform from coffee.users as u where u.id = p_user_id and u.deleted_at is null for update;
  if not found then
    perform platform.fail('user_not_found', jsonb_build_object('user_id', p_user_id));
  end if;
  select s.id into v_subscription_id
  from coffee.coffee_subscriptions as s
  where s.user_id = p_user_id and s.status <> 'cancelled'
  order by s.subscription_no
  limit 1;
  if found then
    perform platform.fail('user_subscribed', jsonb_build_object('user_id', p_user_id, 'subscription_id', v_subscription_id));
  end if;

  update coffee.users as u
  set email = format('deleted-%s@invalid', u.id), username = null, profile = '{}', preferences = '{}', deleted_at = platform.now()
  where u.id = p_user_id;
  update coffee.coffee_subscriptions as s set shipping_address = '{}' where s.user_id = p_user_id and s.shipping_address <> '{}';
  delete from coffee.notifications as n where n.user_id = p_user_id;
  update coffee.taste_records as r
  set location = null, weather_conditions = null, mood = null, images = null, notes = null
  where r.user_id = p_user_id and num_nonnulls(r.location, r.weather_conditions, r.mood, r.images, r.notes) > 0;
  update coffee.cuppings as c set notes = null where c.user_id = p_user_id and c.notes is not null;
  delete from coffee.active_sessions as a where a.user_id = p_user_id;
end;
$$;

comment on function coffee.delete_user(uuid) is $$
Delete a user: address, name, profile, preferences, delivery addresses of subscriptions, notifications and sessions go; of tastings place,
weather, mood, images and notes, and the notes of cuppings. The row stays, because orders, payments and tastings belong to it, under a
number that is nobody; so do what was tasted (layers, vector, extraction, flavours, analyses, the taste DNA) and what was said of boxes
(coffee.subscription_feedback, which ratings are made of). Address and name can be registered again. The addresses on orders stay with the
orders: they are business records, and kept as long as those. It takes as long as the user's own tastings and notifications are many.
p_user_id: the user.
Errors: MF140 user_not_found; MF144 user_subscribed when a subscription is not cancelled: cancelling may refund, so it is not done here.
Locks: the user's subscriptions by id, then the user's row, then the user's tastings; who subscribes at this moment waits.
$$;
