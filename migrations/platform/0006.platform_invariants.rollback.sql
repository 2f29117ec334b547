drop table platform.invariants;
