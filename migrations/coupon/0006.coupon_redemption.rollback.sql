drop table coupon.expiry_progress;
drop sequence coupon.coupon_reservations_number_seq;
alter table coupon.coupon_reservations drop column context, drop column confirmed_at;
alter table coupon.coupon_issues drop column cancelled_reason;
