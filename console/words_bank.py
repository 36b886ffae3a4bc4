"""Where a line of a bank statement stands. French here; English in the catalogue."""

from collections.abc import Mapping
from typing import Final

from console.i18n import noted as _

LINES: Final[Mapping[str, str]] = {
    "received": _("Proposition en cours"),
    "proposed": _("À confirmer"),
    "open": _("À affecter"),
    "posting": _("Affectation en cours"),
    "posted": _("Affectée"),
    "ignored": _("Écartée"),
}
