-- What must hold of coffee at any time: each query returns the rows that violate it. Run by `moadb check`, and by tests after load.
-- The list is in full: a row that is taken out here is taken out of the table.

with defined (name, description, query) as (
  values
    -- catalogue and stock
    (
      'coffee.lots_sum_to_inventory',
      'The bags of a coffee in one size, and those promised, are the sums over its lots.',
      $$
        select i.id, i.current_stock, l.remaining, i.reserved_stock, l.reserved
        from coffee.coffee_inventory as i
        cross join lateral (
          select coalesce(sum(s.remaining), 0) as remaining, coalesce(sum(s.reserved), 0) as reserved
          from coffee.stock_lots as s
          where s.inventory_id = i.id
        ) as l
        where (i.current_stock, i.reserved_stock) <> (l.remaining, l.reserved)
      $$
    ),
    (
      'coffee.lots_match_movements',
      'What is in a lot, and what is promised of it, is what its ledger sums to.',
      $$
        select l.id, l.remaining, m.stock, l.reserved, m.reserved as reserved_by_ledger
        from coffee.stock_lots as l
        cross join lateral (
          select coalesce(sum(m.stock_change), 0) as stock, coalesce(sum(m.reserve_change), 0) as reserved
          from coffee.stock_movements as m
          where m.lot_id = l.id
        ) as m
        where (l.remaining, l.reserved) <> (m.stock, m.reserved)
      $$
    ),
    (
      'coffee.quotas_match_movements',
      'What is used of a roaster''s quota is what was reserved for boxes of the month and not released.',
      $$
        select coalesce(q.roaster_id, m.roaster_id) as roaster_id, coalesce(q.month, m.month) as month, q.used, m.reserved
        from coffee.roaster_quotas as q
        full join (
          select i.roaster_id, m.quota_month as month, sum(m.reserve_change) as reserved
          from coffee.stock_movements as m
          join coffee.coffee_inventory as i on i.id = m.inventory_id
          where m.quota_month is not null
          group by i.roaster_id, m.quota_month
        ) as m on (m.roaster_id, m.month) = (q.roaster_id, q.month)
        where coalesce(q.used, 0) <> coalesce(m.reserved, 0)
      $$
    ),
    (
      'coffee.quotas_match_roasters',
      'The quota of this month and those to come is the roaster''s.',
      $$
        select q.roaster_id, q.month, q.maximum, r.monthly_quota
        from coffee.roaster_quotas as q
        join coffee.roasters as r on r.id = q.roaster_id
        where q.month >= date_trunc('month', platform.now() at time zone 'UTC')::date and q.maximum is distinct from r.monthly_quota
      $$
    ),
    (
      'coffee.prices_agree',
      'A bag costs in the stock what it costs in the catalogue.',
      $$
        select i.coffee_id, i.unit, i.unit_price, c.subscription_price_60g, c.subscription_price_100g
        from coffee.coffee_inventory as i
        join coffee.coffees as c on c.id = i.coffee_id
        where i.unit_price is distinct from case i.unit when '60g' then c.subscription_price_60g else c.subscription_price_100g end
      $$
    ),
    (
      'coffee.ratings_match_feedback',
      'The ratings of a coffee are those of its feedback, and a roaster''s are those of its coffees.',
      $$
        select 'coffee' as of, c.id, c.total_reviews, c.rating_total, f.number, f.total
        from coffee.coffees as c
        cross join lateral (
          select count(f.overall_rating) as number, coalesce(sum(f.overall_rating), 0) as total
          from coffee.subscription_feedback as f
          where f.coffee_id = c.id
        ) as f
        where (c.total_reviews, c.rating_total) <> (f.number, f.total)
        union all
        select 'roaster', r.id, r.total_reviews, r.rating_total, c.number, c.total
        from coffee.roasters as r
        cross join lateral (
          select coalesce(sum(c.total_reviews), 0) as number, coalesce(sum(c.rating_total), 0) as total
          from coffee.coffees as c
          where c.roaster_id = r.id
        ) as c
        where (r.total_reviews, r.rating_total) <> (c.number, c.total)
      $$
    ),

    -- users
    (
      'coffee.measures_match_ledger',
      'What badges go by is the sum of the ledger. If not: user_measures was written by hand.',
      $$
        select coalesce(m.user_id, c.user_id) as user_id, coalesce(m.measure, c.measure) as measure, m.value, c.value as counted
        from coffee.user_measures as m
        full join (
          select e.user_id, e.reason as measure, count(*) as value from coffee.experience_entries as e group by e.user_id, e.reason
          union all
          select e.user_id, 'experience_points', sum(e.points) from coffee.experience_entries as e group by e.user_id
        ) as c on c.user_id = m.user_id and c.measure = m.measure
        where m.value is distinct from c.value
      $$
    ),
    (
      'coffee.standing_matches_measures',
      'Points, level and badges in a user''s row are those of user_measures, levels and user_badges. If not: one of these was written by hand.',
      $$
        select u.id, u.experience_points, u.level, u.badges
        from coffee.users as u
        left join coffee.user_measures as m on m.user_id = u.id and m.measure = 'experience_points'
        where u.experience_points <> coalesce(m.value, 0)
          or u.level <> coalesce((select max(l.level) from coffee.levels as l where l.experience_points <= u.experience_points), 1)
          or u.badges <> coalesce(
            (select jsonb_agg(b.badge_code order by b.awarded_at, b.badge_code) from coffee.user_badges as b where b.user_id = u.id), '[]'
          )
      $$
    ),
    (
      'coffee.badges_are_awarded',
      'Who has earned a badge has it. If not: user_badges was written by hand.',
      $$
        select m.user_id, b.code
        from coffee.user_measures as m
        join coffee.badges as b on b.measure = m.measure and b.threshold <= m.value
        where not exists (select from coffee.user_badges as h where h.user_id = m.user_id and h.badge_code = b.code)
      $$
    ),
    (
      'coffee.deleted_users_are_blank',
      'A deleted user has no name, address, profile, preferences, notifications or sessions, no delivery address of a subscription, and no place, weather, mood, images or notes of a tasting. If not: the row was written by hand.',
      $$
        select u.id
        from coffee.users as u
        where u.deleted_at is not null
          and (
            u.email not like 'deleted-%@invalid' or u.username is not null or u.profile <> '{}' or u.preferences <> '{}'
            or exists (select from coffee.notifications as n where n.user_id = u.id)
            or exists (select from coffee.active_sessions as a where a.user_id = u.id)
            or exists (select from coffee.coffee_subscriptions as s where s.user_id = u.id and s.shipping_address <> '{}')
            or exists (
              select
              from coffee.taste_records as r
              where r.user_id = u.id and num_nonnulls(r.location, r.weather_conditions, r.mood, r.images, r.notes) > 0
            )
          )
      $$
    ),

    -- subscriptions
    (
      'coffee.next_billing_follows_anchor',
      'The next period of a subscription begins where its anchor says, and not in what has been billed.',
      $$
        select s.id, s.next_period, s.next_billing_at
        from coffee.coffee_subscriptions as s
        left join lateral (
          select max(upper(b.period)) as ends_at
          from coffee.billing_periods as b
          where b.subscription_id = s.id
        ) as b on true
        where s.next_billing_at
            <> platform.period_start(s.anchor_at, s.interval_months, s.next_period - s.anchor_period, s.time_zone)
          or s.status not in ('paused', 'cancelled') and s.next_billing_at < b.ends_at
      $$
    ),
    (
      'coffee.periods_are_counted',
      'Of every subscription the periods before the next have a row, in the order of their numbers, and no others.',
      $$
        select s.id, s.next_period, b.periods, b.last_period
        from coffee.coffee_subscriptions as s
        cross join lateral (
          select count(distinct b.period_index) as periods, coalesce(max(b.period_index), -1) as last_period
          from coffee.billing_periods as b
          where b.subscription_id = s.id
        ) as b
        where b.periods <> s.next_period or b.last_period <> s.next_period - 1
        union all
        select b.subscription_id, null, null, b.period_index
        from (
          select
            b.subscription_id, b.period_index, b.period,
            lag(b.period) over (partition by b.subscription_id order by b.period_index, b.part) as before
          from coffee.billing_periods as b
        ) as b
        where lower(b.period) < upper(b.before)
      $$
    ),
    (
      'coffee.nothing_runs_in_a_pause',
      'No period of a subscription reaches into the pause or beyond the end that it is in.',
      $$
        select s.id, s.status, s.paused_at, s.cancelled_at, b.period
        from coffee.coffee_subscriptions as s
        join coffee.billing_periods as b on b.subscription_id = s.id
        where s.status in ('paused', 'cancelled')
          and upper(b.period) > greatest(coalesce(s.paused_at, s.cancelled_at), lower(b.period)) + interval '1 microsecond'
      $$
    ),
    (
      'coffee.users_match_subscriptions',
      'What a user''s row says of subscriptions is what they say.',
      $$
        select u.id, u.subscription_tier, c.tier, u.subscription_type, c.type, u.subscription_expires_at, c.expires_at
        from coffee.users as u
        cross join lateral coffee._user_subscription(u.id) as c
        where (u.subscription_tier, u.subscription_type, u.subscription_expires_at, u.lab_pro_active)
          is distinct from (c.tier, c.type, c.expires_at, c.lab_pro)
      $$
    ),
    (
      'coffee.events_end_in_the_status',
      'The last change of status that was recorded of a subscription led to the one that it has.',
      $$
        select s.id, s.status, e.to_status
        from coffee.coffee_subscriptions as s
        left join lateral (
          select e.to_status
          from coffee.subscription_events as e
          where e.subscription_id = s.id
          order by e.id desc
          limit 1
        ) as e on true
        where e.to_status is distinct from s.status
      $$
    ),
    (
      'coffee.types_are_those_of_plans',
      'A subscription that goes on has the type, the currency and the interval of its plan.',
      $$
        select s.id, s.type, s.currency, s.interval_months, p.code
        from coffee.coffee_subscriptions as s
        join coffee.plans as p on p.id = s.plan_id
        where s.status <> 'cancelled' and (s.type, s.currency, s.interval_months) is distinct from (p.type, p.currency, p.interval_months)
      $$
    ),

    -- billing
    (
      'coffee.periods_do_not_overlap',
      'No instant of a subscription lies in two of its periods; a constraint says so, too.',
      $$
        select b.subscription_id, b.period_index, b.part, b.period
        from (
          select b.*, lag(upper(b.period)) over (partition by b.subscription_id order by b.period) as before
          from coffee.billing_periods as b
        ) as b
        where b.before > lower(b.period) or b.previous_end is distinct from b.before
      $$
    ),
    (
      'coffee.subscriptions_billed_once',
      'The periods of a subscription that were handled are those below next_period, each of them, and one that is charged has a bill of that amount and currency.',
      $$
        select s.id, s.next_period, b.period_index, b.kind, b.amount, j.amount as charged
        from coffee.billing_periods as b
        join coffee.coffee_subscriptions as s on s.id = b.subscription_id
        left join coffee.billing_jobs as j on j.period_id = b.id
        where b.period_index >= s.next_period
          or b.kind in ('billed', 'prepaid') and b.part = 1 and j.id is null
          or b.kind in ('billed', 'prepaid', 'unpaid') and j.amount <> b.amount
          or j.currency <> s.currency
      $$
    ),
    (
      'coffee.bills_and_boxes_name_their_period',
      'A bill, a request for a box and an order belong to a period that is there, and of their own subscription; triggers say so, too.',
      $$
        select r.kind, r.id, r.period_id, r.subscription_id
        from (
          select 'bill' as kind, j.id::text, j.period_id, j.subscription_id from coffee.billing_jobs as j
          union all
          select 'box', j.id::text, j.period_id, j.subscription_id from coffee.monthly_order_jobs as j
          union all
          select 'order', o.id::text, o.period_id, o.subscription_id from coffee.subscription_orders as o
        ) as r
        left join coffee.billing_periods as b on b.id = r.period_id
        where b.subscription_id is distinct from r.subscription_id
      $$
    ),
    (
      'coffee.unpaid_changes_wait',
      'Billing waits for a subscription (is_change_unpaid) while the bill of a change of plan is open, and only then.',
      $$
        select s.id, s.is_change_unpaid
        from coffee.coffee_subscriptions as s
        where s.is_change_unpaid <> exists (
          select
          from coffee.billing_periods as b
          join coffee.billing_jobs as j on j.period_id = b.id
          where b.subscription_id = s.id and b.kind = 'changed' and j.status in ('waiting', 'pending', 'processing', 'retrying')
        )
      $$
    ),
    (
      'coffee.credits_sum_to_balance',
      'The credit of a subscription is what its ledger sums to.',
      $$
        select s.id, s.credit_balance, c.total
        from coffee.coffee_subscriptions as s
        left join (select c.subscription_id, sum(c.amount) as total from coffee.subscription_credits as c group by c.subscription_id) as c
          on c.subscription_id = s.id
        where s.credit_balance <> coalesce(c.total, 0)
      $$
    ),
    (
      'coffee.payments_are_accounted_for',
      'What was paid for a period in all its parts, in money or credit, is what remains of it (value, extras) and what was credited for whatever reason; refunds come out of the credit, and no bill gives back more than was paid.',
      $$
        select p.subscription_id, p.period_index, p.paid, p.value, p.extras, p.credited
        from (
          select
            b.subscription_id, b.period_index, sum(b.value) as value, coalesce(sum(c.credited), 0) as credited,
            coalesce(sum(j.amount), 0) + coalesce(sum(c.used), 0) as paid,
            bool_or(c.refunded > coalesce(j.amount, 0)) as is_over,
            (
              select coalesce(sum(e.quantity * e.unit_price), 0)
              from coffee.period_changes as e
              where e.subscription_id = b.subscription_id and e.period_index = b.period_index and e.kind = 'extra'
            ) as extras
          from coffee.billing_periods as b
          left join coffee.billing_jobs as j on j.period_id = b.id and j.status = 'succeeded'
          left join lateral (
            select
              -sum(c.amount) filter (where c.reason in ('billed', 'returned')) as used,
              -sum(c.amount) filter (where c.reason = 'refunded') as refunded,
              sum(c.amount) filter (where c.reason not in ('billed', 'returned', 'refunded')) as credited
            from coffee.subscription_credits as c
            where c.period_id = b.id
          ) as c on true
          group by b.subscription_id, b.period_index
          having not bool_or(b.kind in ('prepaid', 'out_of_stock'))
            and not exists (
              select
              from coffee.billing_periods as o
              join coffee.billing_jobs as d on d.period_id = o.id and d.status <> 'succeeded'
              where o.subscription_id = b.subscription_id and o.period_index = b.period_index and o.kind <> 'carried'
            )
        ) as p
        where (p.credited between p.paid - p.value - p.extras and p.paid - p.value) is not true or p.is_over
      $$
    ),
    (
      'coffee.bills_match_attempts',
      'A bill that cost something is paid by one attempt with its reference; attempts are counted, failures are declined ones, and no cancelled subscription has an open bill.',
      $$
        select j.id, j.status, j.attempts, j.failures
        from coffee.billing_jobs as j
        join coffee.coffee_subscriptions as s on s.id = j.subscription_id
        left join (
          select a.job_id, max(a.attempt) as attempts, count(*) filter (where a.result = 'succeeded') as payments,
            max(a.gateway_reference) filter (where a.result = 'succeeded') as gateway_reference
          from coffee.charge_attempts as a
          group by a.job_id
        ) as a on a.job_id = j.id
        where j.attempts <> coalesce(a.attempts, 0)
          or j.status = 'succeeded' and j.amount > 0 and coalesce(a.payments, 0) <> 1
          or j.status = 'succeeded' and j.gateway_reference is distinct from a.gateway_reference
          or j.status not in ('succeeded', 'cancelled', 'failed') and a.payments > 0
          or s.status = 'cancelled' and j.status in ('waiting', 'pending', 'processing', 'retrying')
      $$
    ),
    (
      'coffee.past_due_has_a_reason',
      'A subscription is past due or unpaid because a bill of it failed.',
      $$
        select s.id, s.status
        from coffee.coffee_subscriptions as s
        where s.status in ('past_due', 'unpaid')
          and not exists (
            select
            from coffee.billing_jobs as j
            where j.period_id in (select b.id from coffee.billing_periods as b where b.subscription_id = s.id)
              and j.failures > 0 and j.status in ('retrying', 'processing', 'failed')
          )
      $$
    ),
    (
      'coffee.failed_bills_are_dunned',
      'While a bill that has failed is still open, its subscription is not active. If not: the status was written by hand.',
      $$
        select s.id, s.status, j.id as job_id
        from coffee.coffee_subscriptions as s
        join coffee.billing_periods as b on b.subscription_id = s.id
        join coffee.billing_jobs as j on j.period_id = b.id
        where s.status in ('active', 'pending_cancel') and j.failures > 0 and j.status in ('retrying', 'processing')
      $$
    ),
    (
      'coffee.grace_is_what_was_granted',
      'A subscription is past due since, and has a grace until, when its last event says. If not: it was written by hand.',
      $$
        select s.id, s.past_due_since, s.grace_until, e.details
        from coffee.coffee_subscriptions as s
        cross join lateral (
          select e.details
          from coffee.subscription_events as e
          where e.subscription_id = s.id and e.to_status = 'past_due' and e.details ? 'past_due_since'
          order by e.id desc
          limit 1
        ) as e
        where s.status = 'past_due'
          and (
            s.past_due_since is distinct from (e.details ->> 'past_due_since')::timestamptz
            or s.grace_until <> (e.details ->> 'grace_until')::timestamptz
          )
      $$
    ),

    -- boxes
    (
      'coffee.stock_is_promised_to_boxes',
      'What is promised of a lot lies in boxes that have not left, and what was shipped of it in boxes that have.',
      $$
        select l.id as lot_id, l.reserved, coalesce(b.waiting, 0) as in_boxes, l.shipped, coalesce(b.gone, 0) as in_shipped_boxes
        from (
          select l.id, l.reserved, coalesce(-sum(m.stock_change) filter (where m.kind = 'ship'), 0) as shipped
          from coffee.stock_lots as l
          left join coffee.stock_movements as m on m.lot_id = l.id
          group by l.id
        ) as l
        left join (
          select
            i.lot_id,
            sum(i.quantity) filter (where o.status in ('pending', 'paid')) as waiting,
            sum(i.quantity) filter (where o.status in ('shipped', 'delivered')) as gone
          from coffee.order_items as i
          join coffee.subscription_orders as o on o.id = i.order_id
          group by i.lot_id
        ) as b on b.lot_id = l.id
        where (l.reserved, l.shipped) <> (coalesce(b.waiting, 0), coalesce(b.gone, 0))
      $$
    ),
    (
      'coffee.boxes_list_what_they_hold',
      'The lists in an order are its items and the codes of its bags; each bag has one.',
      $$
        select o.id as order_id, o.order_number, o.coffee_items, o.qr_codes
        from coffee.subscription_orders as o
        where o.coffee_items is distinct from (
            select jsonb_agg(jsonb_build_object('coffee_id', i.coffee_id, 'quantity', i.quantity, 'unit', i.unit) order by i.coffee_id, i.unit)
            from (
              select i.coffee_id, i.unit, sum(i.quantity) as quantity
              from coffee.order_items as i
              where i.order_id = o.id
              group by i.coffee_id, i.unit
            ) as i
          )
          or array(select c.code ->> 'qr_code' || (c.code ->> 'coffee_id') from jsonb_array_elements(o.qr_codes) as c (code) order by 1)
            <> array(
              select q.token || i.coffee_id
              from coffee.order_items as i
              join coffee.qr_codes as q on q.order_item_id = i.id
              where i.order_id = o.id
              order by 1
            )
          or exists (
            select
            from coffee.order_items as i
            where i.order_id = o.id
              and i.quantity <> (select count(*) from coffee.qr_codes as q where q.order_item_id = i.id and q.bag_no <= i.quantity)
          )
      $$
    ),
    (
      'coffee.bags_are_scanned_by_customers',
      'A code was scanned by the customer whose box had left, and its record is that customer''s, of that coffee.',
      $$
        select q.order_item_id, q.bag_no, q.scanned_by, o.user_id, o.status
        from coffee.qr_codes as q
        join coffee.order_items as i on i.id = q.order_item_id
        join coffee.subscription_orders as o on o.id = i.order_id
        left join coffee.taste_records as r on r.id = q.record_id and r.created_at = q.record_created_at
        where q.scanned_at is not null
          and (
            q.scanned_by <> o.user_id
            or o.status not in ('shipped', 'delivered')
            or (r.user_id, r.coffee_id, r.subscription_order_id) <> (o.user_id, i.coffee_id, o.id)
          )
      $$
    ),
    (
      'coffee.requests_match_boxes',
      'A request for a box is done when it has one, and then only; the box is the subscriber''s.',
      $$
        select j.id as order_job_id, j.status, o.id as order_id
        from coffee.monthly_order_jobs as j
        join coffee.coffee_subscriptions as s on s.id = j.subscription_id
        left join coffee.subscription_orders as o on o.order_job_id = j.id
        where (j.status = 'done') <> (o.id is not null)
          or o.id is not null
          and (j.subscription_id, j.period_id, j.target_month, s.user_id) <> (o.subscription_id, o.period_id, o.order_month, o.user_id)
      $$
    ),
    (
      'coffee.boxes_leave_when_paid',
      'A box that is paid or has left belongs to a period whose bill is paid.',
      $$
        select o.id as order_id, o.order_number, o.status, b.status as bill
        from coffee.subscription_orders as o
        join coffee.billing_jobs as b on b.period_id = o.period_id
        where o.status in ('paid', 'shipped', 'delivered')
          and b.status <> 'succeeded'
      $$
    ),
    (
      'coffee.charges_have_boxes',
      'Where boxes were asked for, the charge waits until the first is packed.',
      $$
        select b.id as job_id, b.period_id, b.status
        from coffee.billing_jobs as b
        where b.status in ('pending', 'processing', 'retrying')
          and exists (select from coffee.monthly_order_jobs as j where j.period_id = b.period_id)
          and not exists (select from coffee.subscription_orders as o where o.period_id = b.period_id)
      $$
    ),

    -- tasting
    (
      'coffee.taste_days_match_records',
      'The sums of a user''s day are those of the taste records of that UTC day.',
      $$
        with counted as (
          select d.user_id, d.day, max(d.records) as records, array_agg(d.number order by d.place) as layer_records,
            array_agg(d.total order by d.place) as layer_totals
          from (
            select r.user_id, (r.created_at at time zone 'UTC')::date as day, y.place, count(*) as records,
              count(coffee._layer_value(r.taste_layers, y.layer))::numeric as number,
              coalesce(sum(coffee._layer_value(r.taste_layers, y.layer)), 0) as total
            from coffee.taste_records as r
            cross join unnest(coffee._taste_layers()) with ordinality as y (layer, place)
            group by 1, 2, 3
          ) as d
          group by d.user_id, d.day
        )
        select coalesce(c.user_id, d.user_id) as user_id, coalesce(c.day, d.day) as day, c.records, d.records as records_kept
        from counted as c
        full join coffee.taste_days as d on d.user_id = c.user_id and d.day = c.day
        where (c.records, c.layer_records, c.layer_totals) is distinct from (d.records, d.layer_records, d.layer_totals)
      $$
    ),
    (
      'coffee.taste_windows_match_days',
      'The sums that a taste DNA is made of are those of its days.',
      $$
        select w.user_id, w.first_day, w.records, d.records as records_of_days
        from coffee.taste_windows as w
        cross join lateral (
          select
            (
              select coalesce(sum(d.records), 0)
              from coffee.taste_days as d
              where d.user_id = w.user_id and d.day >= w.first_day
            ) as records,
            array(
              select sum(s.number)
              from coffee.taste_days as d
              cross join lateral unnest(d.layer_records) with ordinality as s (number, place)
              where d.user_id = w.user_id and d.day >= w.first_day
              group by s.place
              order by s.place
            ) as layer_records,
            array(
              select sum(s.total)
              from coffee.taste_days as d
              cross join lateral unnest(d.layer_totals) with ordinality as s (total, place)
              where d.user_id = w.user_id and d.day >= w.first_day
              group by s.place
              order by s.place
            ) as layer_totals
        ) as d
        where w.records <> d.records
          or d.records > 0 and (w.layer_records, w.layer_totals) is distinct from (d.layer_records, d.layer_totals)
      $$
    ),
    (
      'coffee.taste_dna_matches_window',
      'A taste DNA is the averages of its window, and its newest version.',
      $$
        select w.user_id, u.taste_dna, v.dna
        from coffee.taste_windows as w
        join coffee.users as u on u.id = w.user_id
        left join lateral (
          select v.version, v.dna
          from coffee.taste_dna_versions as v
          where v.user_id = w.user_id
          order by v.valid_from desc, v.version desc
          limit 1
        ) as v on true
        where u.deleted_at is null
          and (
            (w.records > 0 or v.version is not null) and (v.version, v.dna) is distinct from (u.taste_dna_version, u.taste_dna)
            or coalesce((u.taste_dna -> 'total_records')::integer, 0) <> w.records
            or exists (
              select
              from unnest(coffee._taste_layers()) with ordinality as y (layer, place)
              where w.layer_records[y.place] > 0
                and (u.taste_dna -> (y.layer || '_preference'))::numeric
                  is distinct from w.layer_totals[y.place] / w.layer_records[y.place]
            )
          )
      $$
    ),
    (
      'coffee.companions_of_tastes_exist',
      'What refers to a taste record refers to one that exists; there is no foreign key that would say so.',
      $$
        select c.what, c.record_id, c.record_created_at
        from (
          select 'analysis' as what, a.record_id, a.record_created_at, null::uuid as user_id from coffee.ai_analyses as a
          union all
          select 'flavour', f.record_id, f.record_created_at, f.user_id from coffee.taste_record_flavors as f
          union all
          select 'bag', q.record_id, q.record_created_at, q.scanned_by from coffee.qr_codes as q where q.record_id is not null
          union all
          select 'feedback', f.lab_record_id, f.lab_record_created_at, f.user_id
          from coffee.subscription_feedback as f
          where f.lab_record_id is not null
        ) as c
        where not exists (
          select
          from coffee.taste_records as r
          where r.id = c.record_id and r.created_at = c.record_created_at and r.user_id = coalesce(c.user_id, r.user_id)
        )
      $$
    ),
    (
      'coffee.flavor_paths_are_paths',
      'The path of a flavour is that of the one it belongs to, with itself at the end.',
      $$
        select f.id, f.path, p.path as parent_path
        from coffee.flavors as f
        left join coffee.flavors as p on p.id = f.parent_id
        where f.path <> coalesce(p.path, '{}') || f.id
      $$
    )
), removed as (
  delete from platform.invariants as i
  where i.schema_name = 'coffee'
    and not exists (select from defined as d where d.name = i.name)
)
insert into platform.invariants as i (name, schema_name, description, query)
select d.name, 'coffee', d.description, d.query
from defined as d
on conflict (name) do update
set schema_name = excluded.schema_name, description = excluded.description, query = excluded.query;
