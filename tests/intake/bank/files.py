"""camt.053 documents as banks write them, for the tests."""

IBAN = "FR7630006000011234567890189"
HEAD = '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">'


def entry(
    amount: str, text: str = "", *, reference: str = "NOTPROVIDED", payer: str = "", iban: str = "",
    day: str = "2026-03-02", version: str = "08", sign: str = "CRDT", more: str = "", status: str = "BOOK",
) -> str:  # fmt: skip
    """One entry of one transaction; names and states stand where the version has them."""
    name = f"<Dbtr><Pty><Nm>{payer}</Nm></Pty></Dbtr>" if version >= "08" else f"<Dbtr><Nm>{payer}</Nm></Dbtr>"
    sts = f"<Sts><Cd>{status}</Cd></Sts>" if version >= "08" else f"<Sts>{status}</Sts>"
    account = f"<DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct>" if iban else ""
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{sts}<BookgDt><Dt>{day}</Dt></BookgDt>'
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>"
        f"<RltdPties>{name}{account}</RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf>{more}</TxDtls></NtryDtls></Ntry>"
    )


def camt(*entries: str, version: str = "08", until: str = "2026-03-02", account: str = IBAN) -> bytes:
    """A document of one statement."""
    return (
        HEAD.format(version=version)
        + f"<BkToCstmrStmt><Stmt><Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        + f"<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Dt><Dt>{until}</Dt></Dt></Bal>"
        + "".join(entries)
        + "</Stmt></BkToCstmrStmt></Document>"
    ).encode()
