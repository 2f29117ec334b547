"""Reports: claimed in the database, made here, put into a storage.

`figures` reads what marketing.report_data says into tables; `xlsx` and `pdf` write these; `worker` claims, makes and
completes. What they import beyond the standard library comes with the extra moadb[reports].
"""

from moadb.reports.operate import Report, list_reports, retry_reports
from moadb.reports.worker import Made, run_reports

__all__ = ["Made", "Report", "list_reports", "retry_reports", "run_reports"]
