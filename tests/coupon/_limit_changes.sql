begin;
select plan(11);

select has_function('coupon', '_limit_changes', array['coupon.coupon_reservations', 'coupon.coupon_reservations']);
select function_returns('coupon', '_limit_changes', array['coupon.coupon_reservations', 'coupon.coupon_reservations'], 'setof record');
select volatility_is('coupon', '_limit_changes', array['coupon.coupon_reservations', 'coupon.coupon_reservations'], 'immutable');
select isnt_definer('coupon', '_limit_changes', array['coupon.coupon_reservations', 'coupon.coupon_reservations']);
select ok(not has_function_privilege('coupon_app', 'coupon._limit_changes(coupon.coupon_reservations, coupon.coupon_reservations)', 'execute'), 'applications may not call it');

create function pg_temp.changes(p_old_status text, p_old jsonb, p_new_status text, p_new jsonb) returns text language sql as $$
  select string_agg(concat_ws(' ', c.limit_id, c.period_start, nullif(c.subject, ''), c.amount), ', ' order by c.limit_id, c.subject)
  from coupon._limit_changes(
    case when p_old_status is not null then
      jsonb_populate_record(null::coupon.coupon_reservations, jsonb_build_object('status', p_old_status, 'limit_usage', p_old))
    end,
    jsonb_populate_record(null::coupon.coupon_reservations, jsonb_build_object('status', p_new_status, 'limit_usage', p_new))
  ) as c
$$;
create temporary table u as
select '[{"limit_id": 1, "period_start": "-infinity", "subject": "", "amount": 700}, {"limit_id": 2, "period_start": "2026-10-15", "subject": "x", "amount": 1}]'::jsonb as usage,
  '[{"limit_id": 1, "period_start": "-infinity", "subject": "", "amount": 900}, {"limit_id": 2, "period_start": "2026-10-15", "subject": "y", "amount": 1}]'::jsonb as other;

select is(pg_temp.changes(null, null, 'PENDING', u.usage), '1 -infinity 700, 2 2026-10-15 x 1', 'a new one takes') from u;
select is(pg_temp.changes('PENDING', u.usage, 'CONFIRMED', u.usage), null, 'a payment changes nothing') from u;
select is(pg_temp.changes('PENDING', u.usage, 'EXPIRED', u.usage), '1 -infinity -700, 2 2026-10-15 x -1', 'one that ends gives back') from u;
select is(pg_temp.changes('CANCELLED', u.usage, 'PENDING', u.other), '1 -infinity 900, 2 2026-10-15 y 1', 'one that is taken up again takes') from u;
select is(pg_temp.changes('PENDING', u.usage, 'PENDING', u.other), '1 -infinity 200, 2 2026-10-15 x -1, 2 2026-10-15 y 1', 'one that is judged anew: the difference') from u;
select is(pg_temp.changes('PENDING', null, 'PENDING', null), null, 'without limits: nothing');

select * from finish();
rollback;
