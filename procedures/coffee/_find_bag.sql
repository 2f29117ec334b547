-- The user's row comes first: what a scan writes for the user waits for it anyway, and it stands before orders in the lock order.
-- A code of somebody else's bag, of one that has not left yet, of none at all: one answer, or trying codes would tell something.

create or replace function coffee._find_bag(p_token text, p_user_id uuid)
  returns table (
    order_item_id bigint,
    order_id uuid,
    coffee_id uuid,
    is_hidden boolean,
    record_id uuid,
    record_created_at timestamptz
  )
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform from coffee.users as u where u.id = p_user_id and u.deleted_at is null for no key update;

  return query
  select i.id, o.id, i.coffee_id, coffee._is_hidden(o.id, i.coffee_id), q.record_id, q.record_created_at
  from coffee.qr_codes as q
  join coffee.order_items as i on i.id = q.order_item_id
  join coffee.subscription_orders as o on o.id = i.order_id
  join coffee.users as u on u.id = o.user_id
  where q.token = lower(p_token)
    and o.user_id = p_user_id
    and o.status in ('shipped', 'delivered')
    and u.deleted_at is null
  for no key update of q;

  if not found then
    perform platform.fail('qr_code_unknown');
  end if;
end;
$$;

comment on function coffee._find_bag(text, uuid) is $$
Find the bag that bears a code, for its customer, and lock it.
p_token: the code, in any case.
p_user_id: who holds the bag.
Returns: one row: the item and the box that the bag belongs to, its coffee, whether that is hidden from the customer yet, and the key of
the bag's taste record, null when there is none.
Errors: MF072 qr_code_unknown, also when the bag is somebody else's or has not been shipped.
Locks: the user's row, then the code's, until the transaction ends.
$$;
