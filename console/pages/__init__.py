"""One module per page or family of pages; each has a router whose routes declare who may use them."""

from console.pages import case, cases, dashboard, session, tasks

ROUTERS = (session.router, dashboard.router, cases.router, tasks.router, case.router)
