-- For people and for schedulers without batches; the job does the same through platform.run_job. A procedure that commits may neither pin
-- a search_path nor be security definer, so every name is qualified. The first statement is a commit: called inside a transaction it
-- fails there, before anything is done. Boxes come in small batches: each holds the whole stock until it commits.

create or replace procedure coffee.run_monthly_billing(p_batch integer default 1000, inout p_periods bigint default null)
  language plpgsql
as $$
declare
  v_handled bigint;
begin
  commit;
  p_periods := 0;
  loop
    v_handled := coffee.process_monthly_billing(null, p_batch);
    commit;
    exit when v_handled operator(pg_catalog.=) 0;
    p_periods := p_periods operator(pg_catalog.+) v_handled;
  end loop;
  loop
    v_handled := coffee.assemble_boxes(least(p_batch, 50));
    commit;
    exit when v_handled operator(pg_catalog.=) 0;
  end loop;
end;
$$;

comment on procedure coffee.run_monthly_billing(integer, bigint) is $$
Bill all that is due and pack the boxes, committing after each batch: what was done stays done, whatever happens. Any number of sessions
may run it at once. Call it as a statement of its own: call coffee.run_monthly_billing().
p_batch: how many subscriptions in a batch; boxes as many, but no more than 50.
p_periods: returns how many periods were handled.
Errors: those of coffee.process_monthly_billing and coffee.assemble_boxes; 2D000 inside a transaction.
Locks: those of a batch, until its commit.
$$;
