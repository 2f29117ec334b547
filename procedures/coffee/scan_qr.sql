-- The code's row is locked before it is looked whether the bag has a record: whoever scans it at the same time waits, and finds it.

create or replace function coffee.scan_qr(p_token text, p_user_id uuid)
  returns table (
    order_id uuid,
    order_item_id bigint,
    coffee_id uuid,
    is_hidden boolean,
    record_id uuid,
    record_created_at timestamptz
  )
  language plpgsql
  security definer
  set search_path = pg_catalog, extensions, pg_temp
  set client_min_messages = warning
as $$
#variable_conflict use_column
declare
  v_now timestamptz := platform.now();
  v_bag record;
begin
  select b.* into v_bag from coffee._find_bag(p_token, p_user_id) as b;

  if v_bag.record_id is null then
    insert into coffee.taste_records as r (
      user_id, coffee_id, mode, subscription_order_id, is_subscription_coffee, qr_scanned, taste_layers, blind_mode, created_at, updated_at
    )
    values (
      p_user_id, v_bag.coffee_id, 'lab', v_bag.order_id, true, true, '{}', v_bag.is_hidden, v_now, v_now
    )
    returning r.id, r.created_at into v_bag.record_id, v_bag.record_created_at;

    update coffee.qr_codes as q
    set scanned_by = p_user_id, scanned_at = coalesce(q.scanned_at, v_now), record_id = v_bag.record_id,
      record_created_at = v_bag.record_created_at
    where q.token = lower(p_token);

    perform coffee._award(p_user_id, 'qr_scanned', v_bag.order_item_id::text, 5);
  end if;

  return query
  select
    v_bag.order_id, v_bag.order_item_id, case when not v_bag.is_hidden then v_bag.coffee_id end, v_bag.is_hidden, v_bag.record_id,
    v_bag.record_created_at;
end;
$$;

comment on function coffee.scan_qr(text, uuid) is $$
A customer scans the code on a bag: the bag gets its taste record, still without taste, and coffee.edit_taste writes that. A bag has one
record, however often and however many times at once it is scanned; when that record was deleted, the next scan makes another.
p_token: the code, in any case.
p_user_id: who scans it.
Returns: one row: the box and the item that the bag belongs to, its coffee, null while a blind box hides it (is_hidden), and the key of
the record.
Errors: MF072 qr_code_unknown: nobody's, somebody else's, or of a box that has not left; they are not told apart.
Locks: the user's row, then the code's, until the transaction ends.
Source: specification 000, qr_codes, taste_records.qr_scanned.
$$;
