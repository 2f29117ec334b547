-- requires: procedures/coffee/_keep_rows.sql
--
-- Feedback is about what really lay in a box that the customer got; a guess is made once.

create or replace function coffee._subscription_feedback_keep()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (
    select
    from coffee.subscription_orders as o
    join coffee.order_items as i on i.order_id = o.id
    where o.id = new.order_id and o.user_id = new.user_id and i.coffee_id = new.coffee_id and o.status in ('shipped', 'delivered')
  ) then
    perform platform.fail('order_item_not_found', jsonb_build_object('order', new.order_id, 'item', 'such coffee for this user'));
  end if;
  return new;
end;
$$;

comment on function coffee._subscription_feedback_keep() is $$
Trigger function: feedback is by the customer of a box that has left, about a coffee in it.
Returns: the new row.
Errors: MF075 order_item_not_found.
$$;

create or replace trigger subscription_feedback_box
  before insert on coffee.subscription_feedback
  for each row
  execute function coffee._subscription_feedback_keep();

create or replace trigger subscription_feedback_keep
  before update on coffee.subscription_feedback
  for each row
  when (
    (old.id, old.user_id, old.order_id, old.coffee_id, old.created_at)
      is distinct from (new.id, new.user_id, new.order_id, new.coffee_id, new.created_at)
    or (
      old.guessed_at is not null
      and (
        old.blind_guess, old.blind_guess_coffee_id, old.blind_guess_correct, old.blind_guess_score, old.guessed_at, old.guess_transaction
      ) is distinct from (
        new.blind_guess, new.blind_guess_coffee_id, new.blind_guess_correct, new.blind_guess_score, new.guessed_at, new.guess_transaction
      )
    )
  )
  execute function coffee._keep_rows();

create or replace trigger subscription_feedback_updated_at
  before update on coffee.subscription_feedback
  for each row
  execute function platform.update_updated_at();
