-- What the statuses of coupon may become, in full: a row that is taken out here is taken out of the table.

with defined (machine, from_state, to_state) as (
  values
    ('coupon.coupon_issues', 'ISSUED', 'RESERVED'),
    ('coupon.coupon_issues', 'ISSUED', 'USED'),  -- paid after the hold was over
    ('coupon.coupon_issues', 'ISSUED', 'EXPIRED'),
    ('coupon.coupon_issues', 'ISSUED', 'CANCELLED'),
    ('coupon.coupon_issues', 'RESERVED', 'ISSUED'),
    ('coupon.coupon_issues', 'RESERVED', 'USED'),
    ('coupon.coupon_issues', 'RESERVED', 'EXPIRED'),
    ('coupon.coupon_issues', 'USED', 'ISSUED'),  -- rolled back
    ('coupon.coupon_issues', 'USED', 'EXPIRED'),
    ('coupon.coupon_issues', 'EXPIRED', 'USED'),  -- paid after hold and coupon were over
    ('coupon.coupon_reservations', 'PENDING', 'CONFIRMED'),
    ('coupon.coupon_reservations', 'PENDING', 'CANCELLED'),
    ('coupon.coupon_reservations', 'PENDING', 'EXPIRED'),
    ('coupon.coupon_reservations', 'CANCELLED', 'PENDING'),  -- declined, and tried again
    ('coupon.coupon_reservations', 'EXPIRED', 'PENDING'),
    ('coupon.coupon_reservations', 'CANCELLED', 'CONFIRMED'),
    ('coupon.coupon_reservations', 'EXPIRED', 'CONFIRMED'),
    ('coupon.coupon_reservations', 'CONFIRMED', 'CANCELLED')  -- rolled back
), removed as (
  delete from platform.transitions as t
  where starts_with(t.machine, 'coupon.')
    and not exists (select from defined as d where (d.machine, d.from_state, d.to_state) = (t.machine, t.from_state, t.to_state))
)
insert into platform.transitions (machine, from_state, to_state)
select d.machine, d.from_state, d.to_state
from defined as d
on conflict do nothing;
