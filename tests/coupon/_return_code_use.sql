begin;
select plan(11);

select has_function('coupon', '_return_code_use', array['bigint']);
select function_returns('coupon', '_return_code_use', array['bigint'], 'void');
select volatility_is('coupon', '_return_code_use', array['bigint'], 'volatile');
select isnt_definer('coupon', '_return_code_use', array['bigint']);
select ok(not has_function_privilege('coupon_app', 'coupon._return_code_use(bigint)', 'execute'), 'not for applications');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date, issue_end_date, max_issue_per_user
)
values (900001, 'x', 'T-MAIN', 'FIXED_AMOUNT', 1000, 'CODE', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null);
insert into coupon.policy_codes (policy_id, code, max_uses) values (900001, 'T-TWO', 2);
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as
select t.code, i.coupon_id, i.coupon_number
from unnest(array['T-MAIN', 'T-TWO', 'T-TWO']) as t (code) cross join lateral coupon.issue_coupon_by_code(t.code, 1) as i;
create temporary view uses as
select c.uses::integer as uses from coupon.policy_codes as c where c.code = 'T-TWO';

select is((select u.uses from uses as u), 2, 'both uses are taken');
set local session_replication_role = replica;  -- cancelled, before the trigger has counted it
update coupon.coupon_issues as i set status = 'CANCELLED'
where i.id in ((select max(c.coupon_id) from c where c.code = 'T-TWO'), (select c.coupon_id from c where c.code = 'T-MAIN'));
set local session_replication_role = origin;
select coupon._return_code_use(max(c.coupon_id)) from c where c.code = 'T-TWO';
select is((select u.uses from uses as u), 1, 'one is given back');
select coupon._return_code_use(max(c.coupon_id)) from c where c.code = 'T-TWO';
select is((select u.uses from uses as u), 1, 'once');
select lives_ok('select coupon._return_code_use(c.coupon_id) from c where c.code = ''T-MAIN''', 'a code without limit has nothing to give back');
select is(
  (select count(*) from coupon.code_claims as k join c on c.coupon_id = k.coupon_id where k.returned_at = '2026-10-15 12:00+00'), 2::bigint,
  'but it is noted, too'
);
select lives_ok('select coupon._return_code_use(-1)', 'a coupon that came without a code: nothing');

select * from finish();
rollback;
