-- Says nothing about the answer: whoever is told in the transaction of the guess can take the guess back, and knows. The answer is
-- coffee.reveal_blind's, from the next transaction on. The user's row makes the guesses of one customer queue.

create or replace function coffee.submit_blind_guess(
  p_user_id uuid,
  p_order_id uuid,
  p_order_item_id bigint default null,
  p_coffee_id uuid default null,
  p_roaster_id uuid default null,
  p_origin_country text default null,
  p_processing_method text default null,
  p_request_key text default null
)
  returns uuid
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_now    timestamptz := platform.now();
  v_guess  jsonb := jsonb_strip_nulls(jsonb_build_object(
    'coffee_id', p_coffee_id, 'roaster_id', p_roaster_id, 'origin_country', p_origin_country, 'processing_method', p_processing_method
  ));
  v_order  coffee.subscription_orders;
  v_answer jsonb;
  v_items  bigint[];
  v_coffee uuid;
  v_id     uuid;
begin
  v_answer := platform.claim_request('coffee.submit_blind_guess', p_request_key,
    v_guess || jsonb_build_object('user_id', p_user_id, 'order_id', p_order_id, 'order_item_id', p_order_item_id));
  if v_answer is not null then
    return (v_answer #>> '{}')::uuid;
  end if;

  perform from coffee.users as u where u.id = p_user_id for no key update;
  v_order := coffee._find_order(p_user_id, p_order_id);

  if v_guess = '{}' then
    perform platform.fail('coffee_argument_missing',
      '{"argument": "each of p_coffee_id, p_roaster_id, p_origin_country, p_processing_method"}');
  elsif p_coffee_id is not null and not exists (select from coffee.coffees as c where c.id = p_coffee_id) then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_coffee_id', 'value', p_coffee_id, 'problem', 'there is no such coffee'));
  elsif not v_order.is_blind or v_order.status not in ('shipped', 'delivered') then
    perform platform.fail('blind_guess_refused', jsonb_build_object('order', v_order.order_number, 'problem',
      case when v_order.is_blind then 'it is ' || v_order.status else 'it is no blind box' end));
  end if;

  select array_agg(i.id) into v_items
  from coffee.order_items as i
  where i.order_id = p_order_id
    and i.id = coalesce(p_order_item_id, i.id)
    and not i.is_extra
    and v_order.reveal_at > v_now
    and not exists (
      select
      from coffee.subscription_feedback as f
      where f.order_id = i.order_id and f.coffee_id = i.coffee_id and f.guessed_at is not null
    );

  if v_items is null then
    if p_order_item_id is not null and not exists (
      select from coffee.order_items as i where i.order_id = p_order_id and i.id = p_order_item_id
    ) then
      perform platform.fail('order_item_not_found',
        jsonb_build_object('order', v_order.order_number, 'item', 'item ' || p_order_item_id));
    end if;
    perform platform.fail('blind_guess_refused',
      jsonb_build_object('order', v_order.order_number, 'problem', 'it was guessed, or has told by itself'));
  elsif cardinality(v_items) > 1 then
    perform platform.fail('coffee_argument_missing', '{"argument": "p_order_item_id"}');
  end if;

  select i.coffee_id into v_coffee from coffee.order_items as i where i.id = v_items[1];

  insert into coffee.subscription_feedback as f (
    user_id, order_id, coffee_id, blind_guess, blind_guess_coffee_id, blind_guess_correct, blind_guess_score, guessed_at,
    guess_transaction, created_at, updated_at
  )
  values (
    p_user_id, p_order_id, v_coffee, v_guess, p_coffee_id, coalesce(p_coffee_id = v_coffee, false),
    coffee._score_guess(v_coffee, v_guess), v_now, pg_current_xact_id(), v_now, v_now
  )
  returning f.id into v_id;

  perform coffee._award(p_user_id, 'blind_guess', v_items[1]::text, 10);
  perform platform.complete_request('coffee.submit_blind_guess', p_request_key, to_jsonb(v_id));
  return v_id;
end;
$$;

comment on function coffee.submit_blind_guess(uuid, uuid, bigint, uuid, uuid, text, text, text) is $$
A customer guesses what a blind box has brought, once for each item. The score and the answer are told by coffee.reveal_blind, in a
later transaction than the guess: commit it.
p_user_id: the customer.
p_order_id: the blind box, shipped or delivered.
p_order_item_id: which of its items (coffee.get_box); null: the only one that is not guessed yet.
p_coffee_id: the coffee, if they dare; null: not guessed.
p_roaster_id: the roaster; null: not guessed, or that of p_coffee_id. Likewise:
p_origin_country: the country of origin.
p_processing_method: the process.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same answer. Null: none.
Returns: the id of the feedback that holds the guess.
Errors: MF001 coffee_argument_missing (nothing is guessed, or the box has several items to guess and none is named),
MF002 coffee_argument_invalid (no such coffee), MF070 order_not_found, MF074 blind_guess_refused (no blind box, not shipped yet, guessed
before, told already), MF075 order_item_not_found; of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: the user's row, until the transaction ends.
Source: specification 000, subscription_feedback.blind_guess_coffee_id.
$$;
