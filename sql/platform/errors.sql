-- The errors of platform's API, in full: a row that is taken out here is taken out of the table.

with defined (sqlstate, name, message, hint) as (
  values
    ('MP001', 'unregistered_error', 'error {error} is not registered', 'Add it to sql/<schema>/errors.sql of the schema that raises it.'),
    ('MP002', 'actor_required', 'p_actor is null or empty', 'Name who acts, e.g. ''user:42''; without a name leave the call out, and the login role is recorded.'),
    ('MP003', 'audit_is_append_only', '{operation} on platform.audit_log is refused', 'Records are kept as they are; platform.prune_audit_log deletes those past their retention.'),
    ('MP004', 'client_ip_invalid', 'moadb.client_ip {client_ip} is no address', 'platform.set_actor sets it; do not set it by other means.'),

    -- jobs
    ('MP010', 'unknown_job', 'there is no job {job}', '`moadb jobs list` or platform.jobs shows the jobs that there are.'),
    ('MP011', 'copied_installation', 'database {database} is not the one that runs the jobs: {difference}', 'Is this a copy, a restored backup, a moved server? If it is to run the jobs from now on, and nothing else does: `moadb jobs adopt`, or select platform.adopt_installation().'),

    -- partitions
    ('MP030', 'partition_key_unsupported', '{table} is not partitioned by range over one not-null column of type timestamptz, date or bigint', 'Other keys are not managed: make their partitions by hand.'),
    ('MP031', 'partition_table_not_owned', '{owner} does not own {table}', 'alter table {table} owner to {owner}'),
    ('MP032', 'partition_id_shift_mismatch', 'p_id_shift goes with a bigint key, and with no other: the key of {table} is of kind {kind}', 'Give p_id_shift (40 for platform.month_id) for a bigint key; leave it out for timestamptz and date.'),
    ('MP033', 'unknown_time_zone', 'there is no time zone {time_zone}', 'Use an IANA name such as Asia/Seoul; pg_timezone_names lists them.'),
    ('MP034', 'invalid_partition_set', 'the partition set of {table} is not valid: {problem}', 'See comment on function platform.define_partition_set.'),
    ('MP035', 'partition_set_not_found', '{table} has no partition set', 'Declare it with platform.define_partition_set in partitions/<schema>.sql.'),
    ('MP036', 'partition_isolation_level', 'partitions cannot be maintained in a {isolation} transaction: it does not see what others commit', 'Call platform.maintain_partitions in a read committed transaction.'),
    ('MP037', 'invalid_lock_timeout', 'p_lock_timeout {lock_timeout} is not at least a millisecond', 'Without a limit everybody would queue behind a waiting maintenance; 2 seconds is the default.'),

    -- transitions
    ('MP050', 'transition_refused', '{machine}: "{from}" does not become "{to}"', 'platform.transitions lists what it may become; a new row is listed as coming from "".'),

    -- request keys
    ('MP051', 'request_key_invalid', 'a request key has 1 to 200 characters, not {length}', 'A UUID is a good key; leave it out where a repeated call may count twice.'),
    ('MP052', 'request_key_reused', 'request key {request_key} of {scope} was used for another request', 'A key stands for one request: repeat that one as it was, or choose a new key.'),
    ('MP053', 'request_not_completed', 'request key {request_key} of {scope} was claimed, and no answer was stored', 'The routine that claims it must end with platform.complete_request.'),
    ('MP054', 'request_not_claimed', 'request key {request_key} of {scope} is not waiting for an answer', 'platform.claim_request comes first, in the same transaction, and an answer is final.'),

    -- money
    ('MP055', 'amount_not_in_units', '{amount} is not an amount with {exponent} decimals', 'Round it to the exponent of its currency (platform.currencies) first.'),
    ('MP056', 'weights_invalid', '{total} cannot be split by the weights {weights}', 'Weights are finite and not negative, and one of them is above zero.'),

    -- tasks
    ('MP057', 'lease_invalid', 'a lease of {lease} is not a time', 'Ask for longer than the work takes, as a rule a minute or more, and for 30 days at most.'),
    ('MP058', 'lease_lost', 'the lease of task {task_id} is not valid', 'It ran out and another worker has the task, or it is finished: roll back what was done for it.'),

    -- rate limits
    ('MP059', 'rate_limit_invalid', '{count} of {burst} tokens in {per} is not a limit', 'All three are positive, and no more tokens are asked for than a full bucket has.'),

    -- dunning
    ('MP060', 'unknown_dunning_policy', 'there is no dunning policy {policy}', 'platform.dunning_policies lists them.'),
    ('MP061', 'failure_invalid', '{failures} failures, first at {first_failed_at}, now at {at}: that cannot be', 'The number counts from 1 with this failure, which is not before the first; nothing is null.'),

    -- cache
    ('MP062', 'time_to_live_invalid', 'a time to live of {time_to_live} is not a time', 'Give an interval above zero.')
), removed as (
  delete from platform.error_codes as e
  where e.schema_name = 'platform'
    and not exists (select from defined as d where d.sqlstate = e.sqlstate)
)
insert into platform.error_codes as e (sqlstate, name, schema_name, message, hint)
select d.sqlstate, d.name, 'platform', d.message, d.hint
from defined as d
on conflict (sqlstate) do update
set name = excluded.name, schema_name = excluded.schema_name, message = excluded.message, hint = excluded.hint;
