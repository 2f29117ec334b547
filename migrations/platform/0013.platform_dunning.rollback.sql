drop table platform.dunning_policies;
drop function platform._is_retry_plan;
