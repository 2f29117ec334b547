create or replace function coffee.reveal_blind(p_user_id uuid, p_order_id uuid)
  returns table (
    order_item_id bigint,
    is_hidden boolean,
    coffee_id uuid,
    coffee_name varchar,
    roaster_id uuid,
    roaster_name varchar,
    origin_country varchar,
    processing_method varchar,
    roaster_notes jsonb,
    guess jsonb,
    is_correct boolean,
    score numeric
  )
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
  select
    i.id, h.is_hidden, c.id, c.name, r.id, r.name, c.origin_country, c.processing_method, c.roaster_notes,
    case when not h.is_hidden then f.blind_guess end,
    case when not h.is_hidden then f.blind_guess_correct end,
    case when not h.is_hidden then f.blind_guess_score end
  from coffee._find_order(p_user_id, p_order_id) as o
  join coffee.order_items as i on i.order_id = o.id
  cross join lateral (select coffee._is_hidden(o.id, i.coffee_id) as is_hidden) as h
  left join coffee.coffees as c on c.id = i.coffee_id and not h.is_hidden
  left join coffee.roasters as r on r.id = c.roaster_id
  left join coffee.subscription_feedback as f on f.order_id = o.id and f.coffee_id = i.coffee_id
  where o.is_blind and not i.is_extra
  order by i.id
$$;

comment on function coffee.reveal_blind(uuid, uuid) is $$
What a blind box has brought, as far as it tells: what was guessed, from the transaction after the guess on, and everything from
reveal_at on, 30 days after it was shipped.
p_user_id: the customer.
p_order_id: the box.
Returns: a row for each item, extras excepted: coffee, roaster, origin and the roaster's notes to compare with; the guess, whether it named
the coffee, and its score: 100, or up to 80 for roaster (30), country (30) and process (20). All but the item is null while it is
hidden. No row when the box is no blind box.
Errors: MF070 order_not_found.
$$;
