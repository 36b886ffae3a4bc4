"""What no letter may say, and what each kind of debtor may not be told. Pure.

Threats, criminal words, publicity and costs that the law leaves with the creditor: art. L111-8 CPCE (costs without a
title stay with the creditor), 222-16, 222-33-2-2 and 433-13 C. pén., L121-6 C. conso, 9 C. civ. Checked 2026-11-22.
"""

import re

from letters.typography import fold, plain_spaces
from rules.law.kinds import DebtorKind

ANYONE = (
    r"plainte|penal(?!it)|delit|escroc|escroquerie|fraude|prison|police|parquet|procureur|poursuites?\b",
    r"huissier|commissaire de justice|saisie|saisir vos|menac|contrain|sanction",
    r"publi(er|cite|que(r|rons))|liste noire|fichage|fich(e|er)s? d|reputation",
    r"employeur|voisin|entourage|reseaux sociaux",
    r"frais de (relance|dossier|gestion|mise en demeure|courrier)|honoraires",
    r"mauvais payeur|malhonn|mauvaise foi|inadmissible|inacceptable|scandal",
    r"criminal|prosecut|fraud|jail|bailiff|seiz|blacklist|publish|reputation|employer|neighbou?r|threat|dishonest",
    r"(admin|handling|reminder|letter) (fee|charge)s?|bad payer|unacceptable",
)
"""French and English, folded to lower case without accents."""
NOT_PROFESSIONAL = (
    r"penalit|forfait|indemnit|frais|bce\b|banque centrale|majore|moratoire|441-10|441-5|2192|commande publique",
    r"(?<![\d,.])40(,00)? ?€|€40(\.00)?\b|penalt|compensation",
    r"recovery cost|late-payment|ecb\b|commercial code|procurement",
)
"""Of art. L441-10 C. com. and of the public procurement code: nothing for a consumer or a debtor of unknown kind."""
NOT_PUBLIC = (r"441-10|441-5|injonction|order to pay|code de commerce|commercial code|taux convenu|agreed rate",)
NOT_BUSINESS = (r"2192|commande publique|procurement|tribunal administratif|administrative court",)

BY_KIND = {
    DebtorKind.BUSINESS: NOT_BUSINESS,
    DebtorKind.PUBLIC_BODY: NOT_PUBLIC,
    DebtorKind.CONSUMER: NOT_PROFESSIONAL + NOT_BUSINESS,
    DebtorKind.UNKNOWN: NOT_PROFESSIONAL + NOT_BUSINESS,
}


def objections(text: str, kind: DebtorKind) -> tuple[str, ...]:
    """The words of a rendering that a debtor of that kind may not read; empty when there is none."""
    folded = fold(plain_spaces(text)).replace("’", "'")
    patterns = ANYONE + BY_KIND[kind]
    return tuple(found[0] for pattern in patterns for found in re.finditer(rf"(?<![a-z])(?:{pattern})", folded))
