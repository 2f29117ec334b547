-- Applications call functions, and read views under row-level security; marketing_admin operates the installation; reporting reads all.

grant usage on schema platform to marketing_app, marketing_admin;
grant execute on function platform.set_actor(text, inet, text) to marketing_app, marketing_admin;

grant usage on schema marketing to marketing_app, marketing_admin, marketing_read;

-- workspaces and accounts

-- What the policies of row-level security ask, with the rights of whoever reads: what it tells is the reader's own.
grant execute on function
  marketing._my_workspaces(),
  marketing._my_people(),
  marketing._my_accounts(),
  marketing._my_campaigns()
to marketing_app;
grant execute on function marketing.act_as(bigint) to marketing_app, marketing_admin;

-- ingest

-- imports and conversions

-- roll-ups and rates
grant execute on function
  marketing.kpis(numeric, numeric, numeric, numeric, numeric),
  marketing.convert(numeric, text, text, date, integer),
  marketing.today(bigint),
  marketing.performance(bigint, date, date, text, text, text, bigint[], bigint[])
to marketing_app, marketing_admin;
grant execute on function marketing.set_rates(jsonb, text) to marketing_admin;

-- budgets

-- insights

-- reports

-- archive
