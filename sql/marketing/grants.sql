-- Applications call functions, and read views under row-level security; marketing_admin operates the installation; reporting reads all.

grant usage on schema platform to marketing_app, marketing_admin;
grant execute on function platform.set_actor(text, inet, text) to marketing_app, marketing_admin;

grant usage on schema marketing to marketing_app, marketing_admin, marketing_read;

-- workspaces and accounts

-- ingest

-- imports and conversions

-- roll-ups and rates

-- budgets

-- insights

-- reports

-- archive
