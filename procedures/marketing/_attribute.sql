-- requires: procedures/marketing/_workspace_campaigns.sql
--
-- An order is divided as a whole: its shares are allocated in coins, so they sum to what it is worth, and its parts in millionths sum to
-- one. A weight is a whole number but for time_decay, where it halves with every week before the last visit.

create or replace function marketing._attribute(
  p_workspace_id bigint,
  p_since timestamptz,
  p_until timestamptz,
  p_model text,
  p_lookback interval,
  p_currency text default null,
  p_order_key text default null
)
  returns table (
    order_key text,
    touchpoint_id bigint,
    campaign_id bigint,
    channel_id bigint,
    part numeric,
    revenue numeric,
    currency text,
    missing_rate text
  )
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  with sold as materialized (
    select o.order_key, o.visitor, o.at, o.currency, o.revenue, (o.at at time zone w.time_zone)::date as date, w.rate_max_age
    from marketing.orders as o
    join marketing.workspaces as w on w.id = o.workspace_id
    where o.workspace_id = p_workspace_id
      and o.at >= p_since and o.at < p_until
      and o.order_key = coalesce(p_order_key, o.order_key)
      and o.cancelled_at is null
  ),
  rates as materialized (
    select d.currency, d.date, case when p_currency is null then 1 else marketing._rate(d.currency, p_currency, d.date, d.age) end as rate
    from (select distinct s.currency, s.date, s.rate_max_age from sold as s) as d (currency, date, age)
  ),
  ordered as materialized (
    select
      s.order_key, s.visitor, s.at, c.code as currency, c.exponent,
      case when p_currency is null then s.revenue else round(s.revenue * r.rate, c.exponent) end as revenue,
      s.currency || '/' || p_currency as rate_name
    from sold as s
    join rates as r on (r.currency, r.date) = (s.currency, s.date)
    join platform.currencies as c on c.code = coalesce(p_currency, s.currency)
  ),
  touched as (
    select
      o.order_key,
      t.id,
      t.campaign_id,
      case when t.campaign_id is null then coalesce(t.channel_id, u.channel_id) else c.channel_id end as channel_id,
      row_number() over (partition by o.order_key order by t.at, t.id) as place,
      count(*) over (partition by o.order_key) as places,
      extract(epoch from max(t.at) over (partition by o.order_key) - t.at) as age
    from ordered as o
    join marketing.touchpoints as t
      on t.workspace_id = p_workspace_id and t.visitor = o.visitor and t.at <= o.at and t.at >= o.at - p_lookback
    left join marketing.campaigns as c on c.id = t.campaign_id
    cross join lateral (
      select case when t.campaign_id is null and t.channel_id is null then marketing._channel_of_utm(p_workspace_id, t.utm) end
    ) as u (channel_id)
    where t.campaign_id is not null or t.channel_id is not null or u.channel_id is not null
  ),
  weighed as (
    select
      t.*,
      case p_model
        when 'first' then (t.place = 1)::integer
        when 'last' then (t.place = t.places)::integer
        when 'linear' then 1
        when 'position' then case when t.places > 2 and t.place in (1, t.places) then 2 * (t.places - 2) else 1 end
        when 'time_decay' then power(2.0, round(-t.age / 604800, 9))
      end::numeric as weight
    from touched as t
  ),
  shared as (
    select
      o.order_key,
      array_agg(w.id order by w.place) as ids,
      array_agg(w.campaign_id order by w.place) as campaigns,
      array_agg(w.channel_id order by w.place) as channels,
      platform.allocate(1, array_agg(w.weight order by w.place), 6) as parts,
      case when o.revenue is null then array_fill(null::numeric, array[count(*)::integer])
        else platform.allocate(o.revenue, array_agg(w.weight order by w.place), o.exponent) end as revenues
    from weighed as w
    join ordered as o on o.order_key = w.order_key
    where w.weight > 0
    group by o.order_key, o.revenue, o.exponent
  )
  select o.order_key, s.id, s.campaign_id, s.channel_id, s.part, s.revenue, o.currency, case when s.revenue is null then o.rate_name end
  from shared as h
  join ordered as o on o.order_key = h.order_key
  cross join lateral unnest(h.ids, h.campaigns, h.channels, h.parts, h.revenues) as s (id, campaign_id, channel_id, part, revenue)
  union all
  select o.order_key, null, null, null, 1.000000, o.revenue, o.currency, case when o.revenue is null then o.rate_name end
  from ordered as o
  where not exists (select from shared as s where s.order_key = o.order_key)
$$;

comment on function marketing._attribute(bigint, timestamptz, timestamptz, text, interval, text, text) is $$
Divide orders among the visits before them.
p_workspace_id: the workspace.
p_since and p_until: orders from the first instant to before the second.
p_model: first, last, linear, position (40 % to the first and the last, 20 % to those between) or time_decay (half for each week earlier).
p_lookback: visits that long before the order count.
p_currency: what revenue is converted into, at the rate of the order's day; null: it is not.
p_order_key: this order alone; null: all.
Returns: a row for each order and visit that gets a share of it, or one without a visit; part is the share of the order, revenue of its
worth: null where the rate that missing_rate names is missing.
$$;
