"""What the rules and the doors refuse, in people's words: a pattern of the English sentence, and the French one. Data;
the first that fits is said."""

import re
from typing import Final

from console.i18n import noted as _

_MONEY, _DAY = r"-?\d+(?:\.\d+)?", r"\d{4}-\d\d-\d\d"
KNOWN: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (
            r"account: is not said by the file",
            _("Le fichier ne dit pas de quel compte il est : saisissez-le dans « Compte »."),
        ),
        (r"the file (?:is empty|holds no line)", _("Le fichier ne contient aucune ligne.")),
        (
            r"no column is the booking date",
            _("Aucune colonne du fichier n’est la date comptable, comme « Date comptable »."),
        ),
        (r"no column is the amount", _("Aucune colonne du fichier n’est le montant, comme « Montant » ou « Crédit ».")),
        (r"is not a camt\.053 statement", _("Ce fichier n’est pas un relevé camt.053.")),
        (r"the camt\.053 holds no statement", _("Ce camt.053 ne contient aucun relevé.")),
        (r"line (?P<line>\d+), amount: is empty", _("Ligne %(line)s : le montant manque.")),
        (r"line (?P<line>\d+)[^:]*: .*is not a date", _("Ligne %(line)s : la date ne se lit pas.")),
        (r"line (?P<line>\d+)[^:]*: .*is not an amount", _("Ligne %(line)s : le montant ne se lit pas.")),
        (
            r"account: (?P<account>\S+) is (?:no creditor's|an) account",
            _("Le compte %(account)s n’est pas celui d’un seul créancier : choisissez-le."),
        ),
        (
            rf"the parts add up to (?P<sum>{_MONEY}), not to the line's (?P<whole>{_MONEY})",
            _("Les parts font %(sum)s, et la ligne %(whole)s."),
        ),
        (r"was dealt with meanwhile", _("Cette ligne a été traitée entre-temps : regardez-la de nouveau.")),
        (rf"on (?P<day>{_DAY}) lies ahead of today", _("Le %(day)s est à venir.")),
        (rf"until (?P<day>{_DAY}) is not after today", _("Le %(day)s n’est pas après aujourd’hui.")),
        (rf"pay_by (?P<day>{_DAY}) is before today", _("Le %(day)s est déjà passé.")),
        (r"is not of this age; check the year", _("Cette date est d’un autre temps : vérifiez l’année.")),
        (
            rf"(?:credit |principal )?(?P<sum>{_MONEY}) is more than is open, (?P<open>{_MONEY})",
            _("%(sum)s est plus que le principal ouvert, %(open)s."),
        ),
        (
            rf"credit_note: (?P<sum>{_MONEY}) is more than the invoice, (?P<whole>{_MONEY})",
            _("%(sum)s est plus que la facture, %(whole)s."),
        ),
        (
            rf"(?P<sum>{_MONEY}) is not less than the (?P<open>{_MONEY}) owed",
            _("%(sum)s n’est pas moins que ce qui est dû, %(open)s : un paiement suffit."),
        ),
        (r"payment_reversed: no payment of this case matches", _("Aucun paiement du dossier n’a ce montant.")),
        (
            rf"payment_reversed: (?P<sum>{_MONEY}) is more than the (?P<open>{_MONEY}) still standing",
            _("%(sum)s est plus que ce qui reste de ce paiement, %(open)s."),
        ),
        (r"dispute_settled: no dispute is open", _("Aucun litige n’est ouvert sur ce dossier.")),
        (r"resume: nothing that resume could end", _("Rien de ce qui suspend ce dossier ne peut être levé ainsi.")),
        # What a form of a case was refused for.
        (r"lies ahead of today", _("Cette date est à venir.")),
        (r"scope debtor goes with", _("Cela ne se dit que d’un dossier, non de tout le débiteur.")),
        (r"reassigned: the case was closed as", _("Ce dossier n’a pas été clos par une cession.")),
        (
            r"adopt: policy (?P<name>\S+) is not for a debtor of kind",
            _("La politique %(name)s n’est pas faite pour un tel débiteur."),
        ),
        (r"adopt: policy", _("La politique se change par le moteur du dossier.")),
        (
            r"call_outcome: no call is being asked for",
            _("Aucun appel n’est demandé à présent : notez une promesse, un litige ou une note."),
        ),
        (
            rf"judicial_event: (?P<event>\w+) on (?P<day>{_DAY}) is before (?P<before>\w+) on (?P<first>{_DAY})",
            _("« %(event)s » le %(day)s précède « %(before)s » le %(first)s : corrigez l’une des dates."),
        ),
        (r"judicial_event: rate|judicial_event: .*rate", _("Le taux accordé ne se lit pas.")),
        (
            r"approve: \S+ prepares no judicial file",
            _("Cette étape ne prépare aucun dossier : ne choisissez pas de procédure."),
        ),
        (
            r"procedure: (?P<name>\w+) is not open for this claim",
            _("Cette procédure n’est pas ouverte pour cette créance : %(name)s."),
        ),
        (r"recall: no file waits", _("Aucun dossier n’attend d’être déposé, et nul autre ne tient ce dossier.")),
        (
            r"recall: the file could be called back until (?P<until>[\d/]+ [\d:]+)",
            _("Le dossier pouvait être rappelé jusqu’au %(until)s. Une fois déposé, notez un désistement."),
        ),
        (
            r"recall: the common file was called back",
            _("Le dossier commun est rappelé là, déposé ici : notez ici un désistement, ou là le dépôt."),
        ),
        (r"file_overtaken: no file waits", _("Aucun dossier n’attend d’être déposé.")),
        (r"handed_over: .* holds this case", _("Un autre tient déjà ce dossier : rappelez-le d’abord.")),
        (rf"handed_over: returns_on (?P<day>{_DAY})", _("Le retour, le %(day)s, n’est pas après aujourd’hui.")),
        (
            r"handed_over: a collection agency",
            _("Une agence de recouvrement agit en vertu d’une convention écrite (R124-3 CPCE) : indiquez-la."),
        ),
        (r"mediation: one is going on", _("Une médiation est en cours : notez d’abord son issue.")),
        (r"mediation: none has begun", _("Aucune médiation n’a commencé.")),
        (
            r"no approval of « (?P<step>\w+) » is being asked for",
            _("Aucune validation de « %(step)s » n’est demandée à présent."),
        ),
        (
            r"no letter « (?P<step>\w+) » of passage \d+ was made",
            _("Aucun courrier « %(step)s » n’a été préparé pour ce dossier."),
        ),
        (
            rf"letter_(?:delivered|returned): (?P<day>{_DAY}) is before the letter was made, (?P<made>{_DAY})",
            _("Le %(day)s est avant le courrier lui-même, du %(made)s."),
        ),
        (r"notice_bounced: no e-mail", _("Aucun courriel de ce dossier ne porte cet identifiant.")),
        (r"contact_changed: give at least one", _("Remplissez au moins un champ du contact.")),
        (r"passage \d+ is not the current one", _("Cette étape appartient à une échéance passée du dossier.")),
        (r"stop_contact: the case holds no e-mail", _("Le dossier n’a aucun courriel : indiquez celui qui est visé.")),
        (r"(?:paid|payment_plan): nothing is owed any more", _("Plus rien n’est dû sur ce dossier.")),
        (r"payment_reversed: name the payment", _("Désignez le paiement par sa référence ou par son montant.")),
        (
            rf"credit_note: (?P<number>.+) is known with (?P<sum>{_MONEY})",
            _("L’avoir %(number)s est déjà connu, de %(sum)s."),
        ),
        (
            r"dispute_settled: \d+ disputes are open",
            _("Plusieurs litiges sont ouverts : choisissez celui qui est tranché."),
        ),
        (
            r"dispute_settled: « .* » is no open dispute",
            _("Ce litige n’est plus ouvert : choisissez parmi ceux qui le sont."),
        ),
        (r"a partial outcome needs credit", _("Un litige admis en partie demande le montant de l’avoir.")),
        (
            r"a rejected dispute gives no credit",
            _("Un litige rejeté ne donne aucun avoir : laissez-le vide, ou choisissez « admis en partie »."),
        ),
        (r"answer goes with the outcome rejected", _("Les motifs du rejet n’accompagnent qu’un litige rejeté.")),
        (r"waive: an amount is negative", _("Un montant abandonné ne peut être négatif.")),
        (r"task_done: \S+ is no open task", _("Cette tâche n’est plus ouverte.")),
        (
            r"task_done: \S+ ends with its cause",
            _("Cette tâche se ferme avec sa cause : servez-vous de l’action qui y répond."),
        ),
        (r"task_done: say in outcome", _("Choisissez l’une des réponses que cette tâche attend.")),
        (
            r"task_done: nothing is open any more to set off",
            _("Il ne reste rien à compenser : rejetez la compensation."),
        ),
        (r"task_done: a (?:manager|person) grants", _("Seul un responsable accorde cette demande.")),
        (r"approve: the policy submits \w+ to a manager", _("La politique soumet cette étape à un responsable.")),
        (r"terms_changed: give due_on or instalments", _("Indiquez une échéance ou des mensualités, non les deux.")),
        (
            rf"terms_changed: the period was interrupted on (?P<day>{_DAY}) already",
            _("Le délai a été suspendu le %(day)s : un acheteur public ne le peut qu’une fois (R2192-27 CCP)."),
        ),
        (
            rf"(?:terms_changed|allocation): the parts add up to (?P<sum>{_MONEY}), not to (?P<whole>{_MONEY})",
            _("Les parts font %(sum)s, et non %(whole)s."),
        ),
        (r"an instalment is not above zero", _("Une mensualité doit être supérieure à zéro.")),
        (r"two instalments fall due on one day", _("Deux mensualités tombent le même jour : additionnez-les.")),
        (
            rf"terms_changed: (?P<day>{_DAY}) is before the invoice, (?P<issued>{_DAY})",
            _("Le %(day)s est avant la facture, du %(issued)s."),
        ),
        (
            rf"retention: only (?P<sum>{_MONEY}) falls due before (?P<day>{_DAY})",
            _("Seuls %(sum)s viennent à échéance avant le %(day)s : retenez jusqu’à un jour plus tardif."),
        ),
        (
            r"allocation: (?P<number>.+) is no open invoice of this debtor",
            _("%(number)s n’est pas une facture ouverte de ce débiteur."),
        ),
        (r"allocation: write", _("Indiquez pour chaque facture son montant.")),
        (
            rf"payment_plan: the instalments add up to (?P<sum>{_MONEY}), less than the (?P<open>{_MONEY})",
            _("Les mensualités font %(sum)s, moins que les %(open)s encore dus."),
        ),
        (
            rf"payment_plan: the instalments add up to (?P<sum>{_MONEY}), more than the (?P<open>{_MONEY})",
            _("Les mensualités font %(sum)s, plus que les %(open)s dus."),
        ),
        (
            rf"payment_plan: the first instalment, (?P<day>{_DAY})",
            _("La première mensualité, le %(day)s, est avant l’échéancier lui-même."),
        ),
        (
            rf"payment_plan: (?P<day>{_DAY}) is beyond the (?P<months>\d+) months of the policy, (?P<last>{_DAY})",
            _("La dernière mensualité, le %(day)s, dépasse les %(months)s mois de la politique, jusqu’au %(last)s."),
        ),
        (
            r"payment_plan: this policy pursues interest after",
            _("Cette politique réclame les intérêts après le principal : un échéancier ne les comprend pas."),
        ),
        (rf"promise: pay_on (?P<day>{_DAY}) is before today", _("Le %(day)s est déjà passé.")),
        (
            rf"promise: (?P<day>{_DAY}) is more than (?P<days>\d+) days ahead",
            _("Le %(day)s est à plus de %(days)s jours, trop pour une promesse : accordez un échéancier."),
        ),
        (
            r"promise: (?P<count>\d+) were already accepted",
            _("La politique n’admet pas d’autre promesse après %(count)s : accordez un échéancier, ou suspendez."),
        ),
        (r"is one that Relance gives itself", _("Cet identifiant est réservé à Relance.")),
        (r"assigned: payee_iban is not an IBAN", _("Ce compte n’est pas un IBAN : sa clé est fausse.")),
        (r"« (?P<said>.*) » is not an amount", _("« %(said)s » n’est pas un montant : écrivez 1 234,50.")),
        (rf"(?P<sum>{_MONEY}) is beyond 999 999 999\.99", _("%(sum)s dépasse 999 999 999,99 : vérifiez le montant.")),
        (
            r"(?P<sum>-?[\d.]+) has more than two decimals",
            _("%(sum)s a plus de deux décimales : arrondissez au centime."),
        ),
        (
            r"the id \S+ is known with other content",
            _("Cette demande est déjà connue sous une autre forme : rechargez la page."),
        ),
        (r": Field required", _("Un champ manque.")),
        (
            r"^\w+: (?P<field>[a-z_.0-9]+): (?:Input|String|Value|Decimal|List)\b",
            _("Ce champ ne se lit pas : %(field)s."),
        ),
        # What a line of a statement was refused for.
        (
            r"is posted; say payment_reversed",
            _("Cette ligne est déjà affectée : notez la reprise du paiement sur son dossier."),
        ),
        (r"(?P<name>\S+) is named twice", _("%(name)s est nommée deux fois : réunissez ses deux parts.")),
        (r"(?P<name>\S+) is no case of", _("%(name)s n’est pas un dossier de ce créancier.")),
        (
            r"(?P<name>\S+) is in (?P<one>[A-Z]{3}), the line in (?P<other>[A-Z]{3})",
            _("%(name)s est en %(one)s, la ligne en %(other)s : notez le paiement au dossier, écartez la ligne."),
        ),
        (r"is being posted to", _("Cette ligne est en cours d’affectation : renvoyez la même réponse pour l’achever.")),
        (r"^line \S+ is \w+ already", _("Cette ligne a déjà sa réponse.")),
        (
            r"^of line \S+, .* is entered already",
            _("Une part de cette ligne est déjà enregistrée : gardez-la telle quelle."),
        ),
        (r"(?P<name>\S+) is not a case\.", _("%(name)s n’est pas un dossier.")),
        # People and tokens.
        (r"login, role: say who", _("Indiquez l’identifiant et le rôle.")),
        (r"is your own account", _("C’est votre propre compte : demandez à un autre administrateur.")),
        (r"token: give it a name", _("Donnez au jeton un nom et au moins un droit.")),
        (r"^creditors: choose those", _("Choisissez les créanciers accordés, ou tous.")),
        (
            r"^creditors: « (?P<name>.*) » is not yours",
            _("Vous ne pouvez pas accorder le créancier « %(name)s »."),
        ),
        (
            r"^creditors: « (?P<name>.*) » sees creditors",
            _("« %(name)s » voit des créanciers que vous ne voyez pas : demandez à un autre administrateur."),
        ),
        (r"already has an account", _("Cet identifiant a déjà un compte.")),
        (r"has no account", _("Cet identifiant n’a pas de compte.")),
        (
            r"^password: give between (?P<least>\d+) and (?P<most>\d+)",
            _("Le mot de passe compte de %(least)s à %(most)s signes ; une phrase convient bien."),
        ),
        (r"is no token in use", _("Ce jeton n’est plus en usage.")),
        # Letters that cannot be written.
        (r"creditor « (?P<name>.*) » is not in", _("Le créancier « %(name)s » n’est plus configuré.")),
        (
            r"template (?P<name>[\w./]+): the (?:text message|amount|\w[\w ]*) .*is missing",
            _("Il manque au courrier ce qu’il doit dire (modèle %(name)s)."),
        ),
        (r"logo: (?P<name>.*) cannot be read", _("Le logo %(name)s ne se lit pas.")),
        (r"an indemnity is claimed of a", _("Aucune indemnité n’est due par un tel débiteur.")),
        (r"the décompte says .* and the letter asks", _("Le décompte et le courrier ne disent pas le même montant.")),
    )
)
