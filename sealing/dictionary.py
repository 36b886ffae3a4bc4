"""The words that payloads are made of, for deflating small ones (RFC 1950, 2.2: preset dictionary).

What was deflated with a dictionary inflates only with the same one, byte for byte: this one never changes. A better
one is a second constant under a mark of its own.
"""

WORDS_1 = (
    '{"kind":"dispute_opened","kind":"plan_agreed","kind":"promise_made","kind":"signal_refused","kind":"step_skipped"'
    ',"kind":"letter_withdrawn","kind":"letter_delivered","kind":"letter_posted","kind":"approval_requested"'
    ',"kind":"approved","kind":"hold_placed","kind":"judicial_file_prepared","kind":"case_opened","id":"opened"'
    ',"policy":"standard","version":"","continues":false},{"kind":"call_requested","lapses_on":""'
    ',"kind":"call_lapsed",{"kind":"payment_received","id":"signal/1","door":"signal","door":"update"'
    ',"amount":"","received_on":"","reference":"VIR-","method":"","by":""}'
    ',{"kind":"accessories_waived","remainder":""},{"kind":"case_closed","outcome":"paid","because":"le principal est'
    ' payé"}],"step":{"kind":"close","outcome":"paid"},"step":{"kind":"wait","step":{"kind":"park","reason":""'
    ',"step":{"kind":"call","step":"appel","step":{"kind":"ask_approval","role":"operator"'
    ',"step":{"kind":"prepare_file","step":"dossier_judiciaire","tasks":[{"id":"","kind":"","due_on":"","summary":""'
    ',"suspended":{"by":"dispute","until":""},"replies":[{"id":"signal/"}],"deferred":["signal/1","signal/2"]'
    '{"creditor":"acme","number":"F-2026-","issued_on":"2026-","total":"1200.00","debtor":{"id":"C-","name":""'
    ',"kind":"business","siren":"","email":"compta@","phone":"+33","language":"fr","merchant":true'
    ',"address":{"lines":["12 rue de"],"postal_code":"","city":"Paris","country":"FR"},"lre_consent":false}'
    ',"due_on":"2026-","currency":"EUR","already_paid":"0.00"}'
    '{"case":"invoice/","known":1,"now":"2026-","awaited":"","said":[{"id":"signal/","name":"paid","payload":{"on":""'
    ',"invoice":{"carried":{"continues":true},"acting":true,'
    "encoding\x12\x0bbinary/null\n\x16\n\x08encoding\x12\njson/plain\x12"
    '"le principal est payé""mise_en_demeure : 12 jours après derniere_relance du ""derniere_relance : 15 jours après'
    ' relance_2 du 2""relance_2 : 10 jours après relance_1 du ""rappel : 5 jours avant l\'échéance du "'
    '"relance_1 : 5 jours après l\'échéance du /2026"'
    '{"case":"invoice/acme/F-2026-","creditor":"acme","debtor":"C-","step":"mise_en_demeure","passage":1,"known":2'
    ',"at":"2026-10-10T07:00:00Z","now":"2026-12-26T11:53:31.'
    '{"since":1,"events":[{"kind":"notice_sent","id":"relance/2","on":"2026-","at":"2026-09-30T07:00:00Z"'
    ',"after_closure":false,"step":"relance_1","passage":1,"channel":"email","copies":["letter"],"message_id":"<'
    '.example>","principal":"1200.00","claim":"1200.00","crossed":false}],"position":2,"head":"'
    '","decision":{"step":{"kind":"send","step":"relance_2","passage":1,"channel":"registered_letter"'
    ',"channel":"letter","channel":"email","tone":"prevenant","tone":"pressant","tone":"formel","tone":"ferme"'
    ',"tone":"courtois","claims":"mention","claims":"all","claims":"principal","formal":true,"formal":false'
    ',"as_of":"2026-10-20"},"at":"2026-10-20T07:00:00Z","alert_at":"","because":"relance_2 : 10 jours après relance_1'
    ' du /10/2026","position":3,"as_of":"2026-10-10","due_on":"2026-10-05","stage":"not_due","stage":"formal_notice"'
    ',"stage":"pre_judicial","stage":"closed","stage":"amicable","claim":{"principal":"","interest":"0.00"'
    ',"indemnity":"40.00","costs":"0.00"},"limitation_on":"2031-","facts":{"now":"2026-10-10T07:00:00Z","rules":"1"'
    ',"tables":"","debtor":{"written_on":"","contacts":["2026-"],"held":false}}},"wake_at":"2026-12-26T11:53:31.'
).encode()
