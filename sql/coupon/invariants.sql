-- The invariants of coupon, in full: a row that is taken out here is taken out of the table.

with defined (name, description, query) as (
  values
    (
      'coupon.stock_sums_to_limit',
      'The stripes of a limited policy sum to its limit, and what they have given out is what was issued and not cancelled.',
      $$
        select p.id as policy_id, p.max_issue_count, s.capacity, s.remaining, i.issued
        from coupon.coupon_policies as p
        left join lateral (
          select coalesce(sum(s.capacity), 0) as capacity, coalesce(sum(s.remaining), 0) as remaining
          from coupon.coupon_stock as s
          where s.policy_id = p.id
        ) as s on true
        left join (
          select i.policy_id, count(*) as issued
          from coupon.coupon_issues as i
          where i.status <> 'CANCELLED'
          group by i.policy_id
        ) as i on i.policy_id = p.id
        where p.max_issue_count is not null
          and (s.capacity <> p.max_issue_count or s.capacity - s.remaining <> coalesce(i.issued, 0))
      $$
    ),
    (
      'coupon.quotas_match_issues',
      'The count of each user under each policy is the number of coupons held and not cancelled.',
      $$
        select coalesce(q.policy_id, i.policy_id) as policy_id, coalesce(q.user_id, i.user_id) as user_id, q.issued, i.held
        from coupon.coupon_quotas as q
        full join (
          select i.policy_id, i.user_id, count(*) as held
          from coupon.coupon_issues as i
          where i.status <> 'CANCELLED'
          group by i.policy_id, i.user_id
        ) as i on i.policy_id = q.policy_id and i.user_id = q.user_id
        where coalesce(q.issued, 0) <> coalesce(i.held, 0)
      $$
    ),
    (
      'coupon.policies_of_issues_exist',
      'Every coupon and every count belongs to a policy that exists; there is no foreign key that would say so.',
      $$
        select q.policy_id, q.user_id
        from (
          select q.policy_id, q.user_id from coupon.coupon_quotas as q
          union
          select i.policy_id, i.user_id from coupon.coupon_issues as i
        ) as q
        where not exists (select from coupon.coupon_policies as p where p.id = q.policy_id)
      $$
    ),
    (
      'coupon.numbers_decode_to_ids',
      'Every coupon number is the enciphered id of its own row, so that numbers are unique.',
      $$
        select i.id, i.coupon_number
        from coupon.coupon_issues as i
        cross join coupon.number_key as k
        where coupon._id_of(i.coupon_number, k.secret) is distinct from i.id
      $$
    ),
    (
      'coupon.holds_match_reservations',
      'A coupon is RESERVED exactly when one reservation of it is PENDING, and USED only with one that is CONFIRMED, of the same user and order.',
      $$
        select coalesce(i.id, r.coupon_id) as coupon_id, i.status, r.reservation_id, r.status as reservation_status
        from (select i.* from coupon.coupon_issues as i where i.status in ('RESERVED', 'USED')) as i
        full join (
          select r.*
          from coupon.coupon_reservations as r
          where r.status = 'PENDING'
            or r.status = 'CONFIRMED'
            and exists (
              select from coupon.coupon_issues as i where i.id = r.coupon_id and i.status = 'USED' and i.reservation_id = r.reservation_id
            )
        ) as r on r.coupon_id = i.id
        where (i.status, i.reservation_id, i.order_id, i.user_id)
          is distinct from (case r.status when 'PENDING' then 'RESERVED' else 'USED' end, r.reservation_id, r.order_id, r.user_id)
      $$
    ),
    (
      'coupon.redemptions_match_reservations',
      'A coupon''s redemption_count and balance are what its confirmed reservations make them, and within what its policy allows.',
      $$
        select i.id, i.status, i.redemption_count, r.redeemed, i.balance, r.spent
        from coupon.coupon_issues as i
        join coupon.coupon_policies as p on p.id = i.policy_id
        left join (
          select r.coupon_id, count(*) as redeemed, sum(r.discount_amount) as spent
          from coupon.coupon_reservations as r
          where r.status = 'CONFIRMED'
          group by r.coupon_id
        ) as r on r.coupon_id = i.id
        where coalesce(i.redemption_count, 0) <> coalesce(r.redeemed, 0)
          or i.redemption_count > coupon._redemptions_of(p)
          or i.redemption_count = coupon._redemptions_of(p) and i.status not in ('USED', 'CANCELLED')
          or p.discount_type = 'GIFT_BALANCE' and coalesce(i.balance, p.discount_value) <> p.discount_value - coalesce(r.spent, 0)
          or p.discount_type <> 'GIFT_BALANCE' and i.balance is not null
          or i.balance < 0
      $$
    ),
    (
      'coupon.coupons_of_reservations_exist',
      'Every reservation is of a coupon that exists, with an amount and a time that can be; there is no foreign key and no check that would say so.',
      $$
        select r.reservation_id, r.coupon_id
        from coupon.coupon_reservations as r
        where (r.discount_amount between 0 and r.order_amount + r.shipping_amount and r.expires_at > r.reserved_at) is not true
          or not exists (select from coupon.coupon_issues as i where i.id = r.coupon_id)
      $$
    ),
    (
      'coupon.times_match_status',
      'A used coupon has used_at, a held or used one has reserved_at and its order, no other has any of them.',
      $$
        select i.id, i.status, i.used_at, i.reserved_at, i.order_id, i.reservation_id
        from coupon.coupon_issues as i
        where (i.used_at is not null) <> (i.status = 'USED')
          or num_nonnulls(i.reserved_at, i.order_id, i.reservation_id) <> case when i.status in ('RESERVED', 'USED') then 3 else 0 end
      $$
    ),
    (
      'coupon.limits_match_reservations',
      'What is used of a limit is what the reservations that are pending or confirmed take of it.',
      $$
        select coalesce(u.limit_id, r.limit_id) as limit_id, coalesce(u.period_start, r.period_start) as period_start,
          coalesce(u.subject, r.subject) as subject, u.used, r.taken
        from coupon.v_limit_usages as u
        full join (
          select t.limit_id, t.period_start, t.subject, sum(t.amount) as taken
          from coupon.coupon_reservations as r
          cross join lateral jsonb_to_recordset(r.limit_usage)
            as t (limit_id bigint, period_start date, subject text, amount numeric)
          where r.status in ('PENDING', 'CONFIRMED')
          group by t.limit_id, t.period_start, t.subject
        ) as r on (r.limit_id, r.period_start, r.subject) = (u.limit_id, u.period_start, u.subject)
        where coalesce(u.used, 0) <> coalesce(r.taken, 0)
      $$
    ),
    (
      'coupon.orders_hold_what_goes_together',
      'An order with an exclusive coupon has no other, and of each group it has one at most; order_stacks says the same.',
      $$
        with opened as (
          select r.reservation_id, r.order_id, r.user_id, r.exclusive, r.stack_group
          from coupon.coupon_reservations as r
          where r.status in ('PENDING', 'CONFIRMED')
        ), slots as (
          select o.order_id, o.user_id, s.slot, o.reservation_id
          from opened as o
          cross join lateral unnest(array[case when o.exclusive then 'exclusive' end, 'group ' || o.stack_group]) as s (slot)
          where s.slot is not null
        )
        select coalesce(s.order_id, k.order_id) as order_id, coalesce(s.user_id, k.user_id) as user_id, coalesce(s.slot, k.slot) as slot
        from slots as s
        full join coupon.order_stacks as k
          on (k.order_id, k.user_id, k.slot, k.reservation_id) = (s.order_id, s.user_id, s.slot, s.reservation_id)
        where s.order_id is null or k.order_id is null
        union all
        select o.order_id, o.user_id, 'exclusive'
        from opened as o
        where o.exclusive
          and exists (
            select from opened as x where (x.order_id, x.user_id) = (o.order_id, o.user_id) and x.reservation_id <> o.reservation_id
          )
      $$
    ),
    (
      'coupon.orders_cost_no_less_than_nothing',
      'The coupons of an order take off no more than it costs.',
      $$
        select r.order_id, r.user_id, sum(r.discount_amount) as discount_amount, max(r.order_amount) + max(r.shipping_amount) as amount
        from coupon.coupon_reservations as r
        where r.status in ('PENDING', 'CONFIRMED')
        group by r.order_id, r.user_id
        having sum(r.discount_amount) > max(r.order_amount) + max(r.shipping_amount)
      $$
    ),
    (
      'coupon.quotes_sum_to_discounts',
      'The parts of a discount that is split over lines, and what is taken off the shipping, sum to the discount.',
      $$
        select r.reservation_id, r.discount_amount, r.quote
        from coupon.coupon_reservations as r
        cross join lateral (
          select sum(l.discount) as total, min(least(l.discount, l.amount - l.discount)) as least
          from jsonb_to_recordset(r.quote -> 'lines') as l (amount numeric, discount numeric)
        ) as l
        where l.total + (r.quote ->> 'shipping')::numeric <> r.discount_amount or l.least < 0
      $$
    ),
    (
      'coupon.policies_have_their_code',
      'The coupon_code of every policy is a code, of that policy.',
      $$
        select p.id as policy_id, p.coupon_code, c.code
        from coupon.coupon_policies as p
        left join coupon.policy_codes as c on c.policy_id = p.id and c.is_main
        where c.code is distinct from p.coupon_code
      $$
    ),
    (
      'coupon.uses_match_claims',
      'The uses of a code that are counted are the coupons that were claimed by it and not cancelled.',
      $$
        select c.id as code_id, c.code, c.max_uses, c.uses, k.claims
        from coupon.policy_codes as c
        full join (
          select k.code_id, count(*) as claims
          from coupon.code_claims as k
          where k.returned_at is null
          group by k.code_id
        ) as k on k.code_id = c.id
        where c.id is null
          or c.uses <> case when c.max_uses is null then 0 else coalesce(k.claims, 0) end
      $$
    ),
    (
      'coupon.claims_match_coupons',
      'A claim belongs to a coupon of its code''s policy, and is given back exactly when that coupon is cancelled.',
      $$
        select k.coupon_id, k.code_id, k.returned_at, i.status
        from coupon.code_claims as k
        left join coupon.policy_codes as c on c.id = k.code_id
        left join coupon.coupon_issues as i on i.id = k.coupon_id and i.policy_id = c.policy_id
        where i.id is null or (i.status = 'CANCELLED') <> (k.returned_at is not null)
      $$
    )
), removed as (
  delete from platform.invariants as i
  where i.schema_name = 'coupon'
    and not exists (select from defined as d where d.name = i.name)
)
insert into platform.invariants as i (name, schema_name, description, query)
select d.name, 'coupon', d.description, d.query
from defined as d
on conflict (name) do update
set schema_name = excluded.schema_name, description = excluded.description, query = excluded.query;
