drop table platform.transitions;
