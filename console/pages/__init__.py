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

# An address is held against each router's routes in turn: what is asked for most often comes first.
ROUTERS = tuple(
    module.router
    for module in (
        cases, case, dashboard, tasks, debtors, letters, judicial, bank, simulator, reports, audit, settings, session,
        oidc,
    )
)  # fmt: skip
