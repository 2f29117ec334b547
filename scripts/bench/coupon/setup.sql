-- What moadb is measured against, in a schema of its own: the textbook design with the same indexes and audit row, and a bare table.

create schema bench;

create table bench.policies (
  id bigint primary key, max_issue_count integer, current_issue_count integer not null default 0, max_issue_per_user integer not null,
  valid_days integer not null, issue_start_date timestamptz not null, issue_end_date timestamptz not null, is_active boolean not null
);
create table bench.issues (
  id bigint generated always as identity primary key, policy_id bigint not null references bench.policies (id), user_id bigint not null,
  coupon_number varchar(50) not null unique, status varchar(20) not null, issued_at timestamptz not null, expiry_date timestamptz not null
);
create index on bench.issues (user_id);
create index on bench.issues (policy_id, user_id);
create index on bench.issues (expiry_date);
create table bench.audit (
  id bigint generated always as identity primary key, coupon_id bigint, user_id bigint, action varchar(50), details jsonb, created_at timestamptz
);
create index on bench.audit (coupon_id);

insert into bench.policies values (1, 2000000000, 0, 1, 30, now() - interval '1 day', now() + interval '1 year', true);

create function bench.issue(p_policy_id bigint, p_user_id bigint, out coupon_id bigint, out coupon_number varchar)
  language plpgsql
as $$
declare
  v_policy bench.policies;
begin
  select * into v_policy from bench.policies where id = p_policy_id and is_active for update;
  if not found or now() not between v_policy.issue_start_date and v_policy.issue_end_date then
    raise exception 'policy not found or inactive';
  end if;
  if v_policy.current_issue_count >= v_policy.max_issue_count then
    raise exception 'sold out';
  end if;
  if (select count(*) from bench.issues where policy_id = p_policy_id and user_id = p_user_id) >= v_policy.max_issue_per_user then
    raise exception 'user limit';
  end if;
  coupon_number := 'CPN' || replace(gen_random_uuid()::text, '-', '');
  insert into bench.issues (policy_id, user_id, coupon_number, status, issued_at, expiry_date)
  values (p_policy_id, p_user_id, coupon_number, 'ISSUED', now(), now() + make_interval(days => v_policy.valid_days))
  returning id into coupon_id;
  insert into bench.audit (coupon_id, user_id, action, details, created_at)
  values (coupon_id, p_user_id, 'ISSUED', jsonb_build_object('policy_id', p_policy_id, 'coupon_number', coupon_number), now());
  update bench.policies set current_issue_count = current_issue_count + 1 where id = p_policy_id;
end;
$$;

create table bench.bare (id bigint generated always as identity primary key, user_id bigint, policy_id bigint, coupon_number text);

-- Coupons to be reserved and confirmed, each once: a pair takes the next number.
create table bench.coupons (n bigint generated always as identity primary key, coupon_number varchar not null, user_id bigint not null);
create sequence bench.next_coupon cache 100;

-- pgbench ends a client whose statement fails, so a refusal is caught here; the same for a success, to compare like with like.
create function bench.attempt(p_policy_id bigint, p_user_id bigint)
  returns boolean
  language plpgsql
as $$
begin
  perform coupon.issue_coupon(p_policy_id, p_user_id);
  return true;
exception
  when sqlstate 'MC006' then
    return false;
end;
$$;

-- 900001: hot, one per user; 900002: nothing to give; 900003: for pairs; 900100 to 900123: the months of the past.
insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days,
  issue_start_date, issue_end_date
)
select
  p.id, 'bench', 'BENCH-' || p.id, 'FIXED_AMOUNT', 1000, 'DIRECT', p.stock, 1, 30, now() - interval '3 years', now() + interval '1 year'
from (
  values (900001, 2000000000), (900002, 0), (900003, null)
  union all
  select 900100 + n, null from generate_series(0, 23) as n
) as p(id, stock);

analyze;
