"""Jobs: platform.run_job runs them; here are the operator's view of them and the two drivers that start them.

One thing is decided in Python: when a cron expression is due. Overlap, claims of slots, crashes and history are SQL.
"""

from moadb.jobs.operate import (
    Job,
    JobRun,
    adopt,
    job_history,
    list_jobs,
    pause_jobs,
    resume_jobs,
    run_job,
)
from moadb.jobs.pg_cron import CronChanges, find_pg_cron, open_pg_cron, sync_pg_cron
from moadb.jobs.scheduler import run_scheduler

__all__ = [
    "CronChanges",
    "Job",
    "JobRun",
    "adopt",
    "find_pg_cron",
    "job_history",
    "list_jobs",
    "open_pg_cron",
    "pause_jobs",
    "resume_jobs",
    "run_job",
    "run_scheduler",
    "sync_pg_cron",
]
