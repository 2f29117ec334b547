-- Its triggers write policy_codes, which PostgreSQL does not know.
drop function if exists coupon._coupon_policies_codes() cascade;

drop table coupon.guess_limits;
drop table coupon.code_spaces;
drop table coupon.code_claims;
drop table coupon.policy_codes;
drop domain coupon.code_text;
