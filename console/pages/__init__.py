"""One module per page or family of pages; each has a router whose routes declare who may use them."""

from console.pages import case, cases, dashboard, debtors, judicial, letters, session, tasks

ROUTERS = (
    session.router, dashboard.router, cases.router, tasks.router, debtors.router, letters.router, judicial.router,
    case.router,
)  # fmt: skip
