"""What interrupts limitation and what does not, kind by kind, each with its article. Pure. Checked
2026-11-22.
"""

from typing import NamedTuple

from rules.refusals import Code, Refused


class Effect(NamedTuple):
    """What a kind of event does to a running period, and why.

    ``public_only``: only against a public debtor (loi 68-1250), ``why_not`` is said of the others.
    ``is_claim``: lost when the claim is withdrawn, rejected or lapses (2243 C. civ.). ``gives_title``: ten
    years of a title follow.
    """

    kind: str
    interrupts: bool
    why: str
    public_only: bool = False
    why_not: str = ""
    is_claim: bool = False
    undoes_claim: bool = False
    gives_title: bool = False


_LETTER = "une mise en demeure n'interrompt pas, même recommandée (Cass. com. 18/05/2022 n° 20-23.204)"
_REMINDER = "une relance n'interrompt pas (art. 2240 à 2244 C. civ.)"
_REPLY = "une réponse qui ne reconnaît pas la dette n'interrompt pas (art. 2240 C. civ.)"

# Interrupts, of every debtor.
_YES = {
    "recognition": "reconnaissance de la dette, pour le tout (art. 2240 C. civ. ; Cass. 3e civ. 14/05/2020)",
    "payment": "paiement partiel, reconnaissance de toute la dette (art. 2240 C. civ.)",
    "payment_plan": "échéancier signé, reconnaissance de la dette (art. 2240 C. civ.)",
    "enforcement": "acte d'exécution forcée ou mesure conservatoire (art. 2244 C. civ.)",
    "declaration": "déclaration au passif, jusqu'à la clôture (art. L622-25-1 C. com.)",
}
# Interrupts until withdrawn, rejected or lapsed.
_CLAIMS = {
    "claim_served": "demande en justice, même en référé ou devant un juge incompétent (art. 2241 C. civ.)",
    "order_served": "ordonnance d'injonction signifiée (Cass. 1re civ. 9/09/2020 n° 19-12.006)",
}
# Interrupts of a public debtor only; what is said of the others.
_PUBLIC = {
    "written_demand": _LETTER,
    "formal_notice": _LETTER,
    "reminder": _REMINDER,
    "written_reply": _REPLY,
}
_NO = {
    "order_requested": "la requête n'interrompt pas, seule la signification (Cass. 1re civ. 19-12.006)",
    "ordered": "l'ordonnance n'interrompt qu'une fois signifiée (Cass. 1re civ. 9/09/2020 n° 19-12.006)",
    "invoice": "une facture n'interrompt pas (art. 2240 à 2244 C. civ.)",
    "dispute": "une contestation ne reconnaît pas la dette (art. 2240 C. civ.)",
    "promise": "une promesse orale n'est pas une reconnaissance prouvée (art. 2240 C. civ.)",
    "mediation": "suspend sans interrompre (art. 2238 C. civ.) : la date indiquée n'en tient pas compte",
    "small_claim_accepted": "suspend sans interrompre (L125-1 CPCE) : la date indiquée n'en tient pas compte",
}

KINDS = {
    **{kind: Effect(kind, True, why) for kind, why in _YES.items()},
    **{kind: Effect(kind, True, why, is_claim=True) for kind, why in _CLAIMS.items()},
    "judgment": Effect(
        "judgment",
        True,
        "titre exécutoire : dix ans (art. L111-4 CPCE)",
        gives_title=True,
    ),
    **{
        kind: Effect(kind, True, "écrit, débiteur public (art. 2 loi 68-1250)", public_only=True, why_not=why)
        for kind, why in _PUBLIC.items()
    },
    **{kind: Effect(kind, False, why) for kind, why in _NO.items()},
    "claim_lost": Effect(
        "claim_lost",
        False,
        "l'interruption de la demande est non avenue (art. 2243 C. civ.)",
        undoes_claim=True,
    ),
}

# What billing systems, operators and the case's own events call them.
_ALSO = {
    "paid": "payment", "partial_payment": "payment", "paiement": "payment", "acompte": "payment",
    "reconnaissance": "recognition", "acknowledgement": "recognition",
    "plan": "payment_plan", "echeancier": "payment_plan", "plan_agreed": "payment_plan",
    "claim": "claim_served", "summons": "claim_served", "assignation": "claim_served",
    "refere": "claim_served", "served": "order_served", "signification": "order_served",
    "seizure": "enforcement", "saisie": "enforcement", "execution": "enforcement",
    "insolvency_declaration": "declaration", "declared": "declaration",
    "enforceable": "judgment", "title": "judgment",
    "demande": "written_demand", "reply": "written_reply",
    "mise_en_demeure": "formal_notice", "relance": "reminder",
    "filed": "order_requested", "requete": "order_requested", "injonction": "order_requested",
    "order": "ordered", "ordonnance": "ordered",
    "conciliation": "mediation", "withdrawn": "claim_lost", "lapsed": "claim_lost", "rejected": "claim_lost",
}  # fmt: skip


def effect_of(kind: str) -> Effect:
    """The effect of a kind of event. Raises Refused for a kind that is not known."""
    name = kind.strip().lower().replace("-", "_").replace(" ", "_")
    effect = KINDS.get(_ALSO.get(name, name))
    if effect is None:
        raise Refused(f"event: « {kind} » is not known; write one of {', '.join(KINDS)}.", Code.UNKNOWN_EVENT)
    return effect
