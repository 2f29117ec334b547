-- depends: 0002.platform_errors
--
-- State machines as data: what a status may become is a row, so it can be read, joined and tested, and one trigger guards them all.

create table platform.transitions (
  machine    text not null,
  from_state text not null,
  to_state   text not null,
  constraint transitions_pkey primary key (machine, from_state, to_state),
  constraint transitions_machine_check check (machine ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$'),
  constraint transitions_to_state_check check (to_state <> '' and to_state <> from_state)
);

comment on table platform.transitions is
  'The changes of state that are allowed; every other is refused by the trigger function platform.check_transition. Filled from sql/<schema>/transitions.sql at every deploy. Staying in a state is always allowed and has no row.';
comment on column platform.transitions.machine is 'schema.name of the state machine: the table that it guards, as a rule.';
comment on column platform.transitions.from_state is 'The state before; empty for a row that is being inserted.';
comment on column platform.transitions.to_state is 'The state after.';
