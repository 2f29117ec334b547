-- Which coffee a hidden item is must not show in what is refused: as long as the box hides anything, a coffee that it has not told of yet
-- and one that is not in it get the same answer. Nor may a rating be counted that would show whose average moved.

create or replace function coffee.submit_feedback(
  p_user_id uuid,
  p_order_id uuid,
  p_coffee_id uuid,
  p_overall_rating integer default null,
  p_would_buy_again boolean default null,
  p_feedback_text text default null,
  p_taste_match_score numeric default null,
  p_lab_record_id uuid default null,
  p_lab_record_created_at timestamptz default null,
  p_request_key text default null
)
  returns uuid
  language plpgsql
  security definer
  set search_path = pg_catalog, extensions, pg_temp
  set client_min_messages = warning
  set timezone = 'UTC'
as $$
declare
  v_order  coffee.subscription_orders;
  v_answer jsonb;
  v_id     uuid;
begin
  v_answer := platform.claim_request('coffee.submit_feedback', p_request_key, jsonb_build_array(
    p_user_id, p_order_id, p_coffee_id, p_overall_rating, p_would_buy_again, p_feedback_text, p_taste_match_score, p_lab_record_id,
    p_lab_record_created_at
  ));
  if v_answer is not null then
    return (v_answer #>> '{}')::uuid;
  end if;

  perform from coffee.users as u where u.id = p_user_id for no key update;
  v_order := coffee._find_order(p_user_id, p_order_id);
  if v_order.status not in ('shipped', 'delivered') then
    perform platform.fail('order_state_refused',
      jsonb_build_object('order', v_order.order_number, 'status', v_order.status, 'wanted', 'rated'));
  elsif not exists (
    select
    from coffee.order_items as i
    where i.order_id = p_order_id and i.coffee_id = p_coffee_id and not coffee._is_hidden(p_order_id, p_coffee_id)
  ) then
    if exists (select from coffee.order_items as i where i.order_id = p_order_id and coffee._is_hidden(p_order_id, i.coffee_id)) then
      perform platform.fail('blind_item_hidden', jsonb_build_object('order', v_order.order_number));
    end if;
    perform platform.fail('order_item_not_found',
      jsonb_build_object('order', v_order.order_number, 'item', 'coffee ' || coalesce(p_coffee_id::text, 'null')));
  end if;

  if num_nonnulls(p_lab_record_id, p_lab_record_created_at) > 0 and not exists (
    select
    from coffee.taste_records as r
    where r.id = p_lab_record_id and r.created_at = p_lab_record_created_at and r.user_id = p_user_id and r.coffee_id = p_coffee_id
  ) then
    perform platform.fail('taste_record_not_of_user', jsonb_build_object('record_id', p_lab_record_id));
  elsif p_overall_rating not between 1 and 5 then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_overall_rating', 'value', p_overall_rating, 'problem', 'it is 1 to 5'));
  elsif p_taste_match_score not between 0 and 100 then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_taste_match_score', 'value', p_taste_match_score, 'problem', 'it is 0 to 100'));
  end if;

  insert into coffee.subscription_feedback as f (
    user_id, order_id, coffee_id, overall_rating, would_buy_again, feedback_text, taste_match_score, lab_record_id, lab_record_created_at,
    created_at, updated_at
  )
  values (
    p_user_id, p_order_id, p_coffee_id, p_overall_rating, p_would_buy_again, p_feedback_text, p_taste_match_score, p_lab_record_id,
    p_lab_record_created_at, platform.now(), platform.now()
  )
  on conflict (order_id, coffee_id) do update
  set overall_rating = coalesce(excluded.overall_rating, f.overall_rating),
    would_buy_again = coalesce(excluded.would_buy_again, f.would_buy_again),
    feedback_text = coalesce(excluded.feedback_text, f.feedback_text),
    taste_match_score = coalesce(excluded.taste_match_score, f.taste_match_score),
    lab_record_id = coalesce(excluded.lab_record_id, f.lab_record_id),
    lab_record_created_at = coalesce(excluded.lab_record_created_at, f.lab_record_created_at)
  returning f.id into v_id;

  perform coffee._award(p_user_id, 'feedback_given', v_id::text, 10);
  perform platform.complete_request('coffee.submit_feedback', p_request_key, to_jsonb(v_id));
  return v_id;
end;
$$;

comment on function coffee.submit_feedback(
  uuid, uuid, uuid, integer, boolean, text, numeric, uuid, timestamptz, text
) is $$
A customer says what they think of a coffee that a box brought. Said again, it replaces what it states and leaves the rest. What a blind
box still hides cannot be rated.
p_user_id: the customer.
p_order_id: the box, shipped or delivered.
p_coffee_id: a coffee in it.
p_overall_rating: stars, 1 to 5.
p_would_buy_again: whether they would.
p_feedback_text: in their words.
p_taste_match_score: how well it met their taste, 0 to 100.
p_lab_record_id and p_lab_record_created_at: their taste record of the coffee, both or neither.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same answer. Null: none.
Returns: the id of the feedback.
Errors: MF002 coffee_argument_invalid, MF070 order_not_found, MF071 order_state_refused (it has not left), MF073 blind_item_hidden (the
box hides something, and this is not among what it has told), MF075 order_item_not_found, MF077 taste_record_not_of_user; of p_request_key
MP051 request_key_invalid, MP052 request_key_reused.
Locks: the user's row, the feedback's, and the ratings of coffee and roaster, until the transaction ends.
Source: specification 000, subscription_feedback.
$$;
