"""One module per page or family of pages; each has a router whose routes declare who may use them."""

from console.pages import (
    audit,
    bank,
    case,
    cases,
    dashboard,
    debtors,
    judicial,
    letters,
    oidc,
    reports,
    session,
    settings,
    simulator,
    tasks,
)

ROUTERS = tuple(
    module.router
    for module in (
        session, oidc, dashboard, cases, tasks, debtors, letters, judicial, bank, simulator, reports, audit, settings,
        case,
    )
)  # fmt: skip
