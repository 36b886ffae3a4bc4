"""Why nobody was let in, as the login page says it."""

from collections.abc import Mapping
from typing import Final

from console.i18n import noted as _

TURNED: Final[Mapping[str, str]] = {
    "wrong": _("Identifiant ou mot de passe inconnu."),
    "throttled": _("Trop d’essais. Attendez un quart d’heure, ou demandez à un administrateur."),
    "away": _("Le fournisseur d’identité ne répond pas. Réessayez, ou connectez-vous avec un mot de passe."),
    "distrusted": _("La réponse du fournisseur d’identité n’a pas pu être vérifiée. Recommencez."),
    "no_login": _("Le fournisseur d’identité ne dit pas qui vous êtes. Demandez à un administrateur."),
    "no_role": _("Le fournisseur d’identité ne vous donne aucun rôle ici. Demandez à un administrateur."),
    "unknown": _("Vous n’avez pas de compte ici. Demandez à un administrateur."),
    "local": _("Ce compte s’ouvre avec un mot de passe."),
    "disabled": _("L’accès de ce compte est fermé."),
    "other": _("Ce compte appartient à une autre personne du fournisseur d’identité."),
}
