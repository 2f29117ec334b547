create or replace function coffee._refund(
  p_job coffee.billing_jobs, p_gateway_reference text, p_reason text, p_part text
)
  returns void
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  select platform.enqueue_task(
    'coffee.refund_charge',
    jsonb_build_object(
      'job_id', p_job.id, 'subscription_id', p_job.subscription_id, 'period_id', p_job.period_id, 'amount', p_job.amount,
      'currency', p_job.currency, 'gateway_reference', p_gateway_reference, 'reason', p_reason
    ),
    concat_ws(' ', 'job', p_job.id, p_part)
  )
$$;

comment on function coffee._refund(coffee.billing_jobs, text, text, text) is $$
Ask for a payment, or a part of it, to be given back: a task of the topic coffee.refund_charge, once for each payment and part.
p_job: the billing job that it was for; its amount is what is given back.
p_gateway_reference: the payment, in the words of the gateway; null when it gave none.
p_reason: why.
p_part: names, within the job, what is given back: the attempt that paid, or what of the payment it is about.
$$;
