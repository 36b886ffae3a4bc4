"""Registered letters through a provider over real HTTP: what is sent, what its answers mean, who may get an LRE."""

import hashlib
import socket
from base64 import b64decode
from pathlib import Path
from typing import Any, Literal

import pytest

from letters.registered import ProviderDispatcher, ProviderError, may_be_electronic, parse_provider_url
from letters.render import Renderer
from letters.store import FolderStore
from letters.tray import TrayDispatcher
from letters.tray_folder import TrayFolder
from rules.dispatch import NotNow, NotTaken, OutcomeUnknown, Refusal
from rules.hooks import verify
from rules.invoice import Address
from rules.law.kinds import DebtorKind
from rules.letter import Letter
from rules.policy import Channel, Claims
from rules.refusals import Refused
from tests.letters.provider import Provider, open_provider
from tests.letters.samples import DEBTORS, letter

SECRET = b"a secret that both sides share"
NOW = 1_772_528_400


def at(url: str, folder: Path, kind: Literal["paper", "electronic"] = "paper") -> ProviderDispatcher:
    store, renderer = FolderStore(folder / "store"), Renderer()
    tray = TrayDispatcher(TrayFolder(folder / "tray"), renderer, store)
    return ProviderDispatcher(parse_provider_url(url), SECRET, kind, renderer, store, tray, clock=lambda: NOW)


def formal(kind: DebtorKind = DebtorKind.BUSINESS, consent: bool = False, **more: Any) -> Letter:
    debtor = DEBTORS[kind].model_copy(update={"lre_consent": consent, **more})
    claims = Claims.ALL if kind is DebtorKind.BUSINESS else Claims.PRINCIPAL
    return letter(
        "mise_en_demeure", kind=kind, tone="formel", channel=Channel.REGISTERED_LETTER, claims=claims, debtor=debtor
    )


def files(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*.pdf")]


async def test_a_letter_is_posted_once_signed_and_kept(tmp_path: Path) -> None:
    provider = Provider()
    with open_provider(provider) as url:
        done = await at(url, tmp_path).hand_over(formal())
    ((headers, body),) = provider.came
    (said,) = provider.letters
    its_id, moment, signature = (headers[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
    verify(SECRET, its_id, moment, signature, body, NOW)
    assert its_id == "mise_en_demeure.c-104.20260303@relance.acme.example"
    pdf = b64decode(said["document"]["content"])
    assert pdf.startswith(b"%PDF")
    assert hashlib.sha256(pdf).hexdigest() == said["document"]["sha256"] == done.sha256
    assert files(tmp_path / "store") == [pdf]
    assert done.carrier == "127.0.0.1"
    assert said["recipient"] == {
        "name": "Boulangerie Martin SARL", "lines": ["12 rue des Lilas"], "postal_code": "69003", "city": "Lyon",
        "country": "FR",
    }  # fmt: skip
    assert (said["version"], said["kind"], said["step"], said["on"]) == (1, "paper", "mise_en_demeure", "2026-03-03")
    assert not (tmp_path / "tray").exists()


async def test_the_same_letter_again_is_the_same_request(tmp_path: Path) -> None:
    provider = Provider()
    with open_provider(provider) as url:
        out = at(url, tmp_path)
        await out.hand_over(formal())
        await out.hand_over(formal())
    assert provider.came[0] == provider.came[1]


@pytest.mark.parametrize(
    ("kind", "consent", "electronic"),
    [
        (DebtorKind.BUSINESS, False, True),
        (DebtorKind.PUBLIC_BODY, False, True),
        (DebtorKind.CONSUMER, False, False),
        (DebtorKind.CONSUMER, True, True),
        (DebtorKind.UNKNOWN, False, False),
    ],
)
async def test_no_electronic_letter_to_a_consumer_who_has_not_consented(
    tmp_path: Path, kind: DebtorKind, consent: bool, electronic: bool
) -> None:
    provider = Provider()
    with open_provider(provider) as url:
        done = await at(url, tmp_path, "electronic").hand_over(formal(kind, consent))
    assert len(provider.came) == electronic
    assert (done.carrier is not None) == electronic
    assert len(files(tmp_path / "tray")) == (not electronic)
    if electronic:
        assert provider.letters[0]["recipient"]["email"] == DEBTORS[kind].email


def test_an_electronic_letter_needs_an_address() -> None:
    assert not may_be_electronic(DEBTORS[DebtorKind.BUSINESS].model_copy(update={"email": None}))


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        ((422, {}, {"refused": "address"}), Refusal.ADDRESS),
        ((422, {}, {"refused": "document"}), Refusal.CONTENT),
        ((400, {}, "no"), Refusal.CONTENT),
        ((413, {}, []), Refusal.CONTENT),
    ],
)
async def test_a_refusal_for_good_is_said_in_the_providers_words(
    tmp_path: Path, answer: tuple[int, dict[str, str], Any], refusal: Refusal
) -> None:
    with open_provider(Provider([answer])) as url, pytest.raises(NotTaken, match=f"ered {answer[0]}") as refused:
        await at(url, tmp_path).hand_over(formal())
    assert refused.value.refusal is refusal


@pytest.mark.parametrize(("retry_after", "seconds"), [("120", 120.0), ("999999", 3600.0), ("soon", 60.0)])
async def test_a_busy_provider_is_asked_again_when_it_says(tmp_path: Path, retry_after: str, seconds: float) -> None:
    with open_provider(Provider([(429, {"Retry-After": retry_after}, {})])) as url, pytest.raises(NotNow) as later:
        await at(url, tmp_path).hand_over(formal())
    assert later.value.pause.total_seconds() == seconds


@pytest.mark.parametrize("status", [301, 401, 403, 404])
async def test_what_only_the_operator_can_mend_is_raised(tmp_path: Path, status: int) -> None:
    provider = Provider([(status, {"Location": "http://127.0.0.1:9/"}, {})])
    with open_provider(provider) as url, pytest.raises(ProviderError, match=str(status)):
        await at(url, tmp_path).hand_over(formal())


@pytest.mark.parametrize("provider", [Provider([(500, {}, {})]), Provider([(502, {}, {})]), Provider(hang_up=True)])
async def test_neither_yes_nor_no_is_a_doubt(tmp_path: Path, provider: Provider) -> None:
    with open_provider(provider) as url, pytest.raises(OutcomeUnknown, match=r"127\.0\.0\.1"):
        await at(url, tmp_path).hand_over(formal())
    assert len(provider.came) == 1


async def test_no_connection_is_not_now_and_nothing_left(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(OSError, match="efused"):
        await at(f"http://127.0.0.1:{port}/", tmp_path).hand_over(formal())


async def test_a_letter_without_a_whole_address_is_not_posted(tmp_path: Path) -> None:
    provider = Provider()
    with open_provider(provider) as url, pytest.raises(NotTaken) as refused:
        await at(url, tmp_path).hand_over(formal(address=Address(lines=("12 rue X",))))
    assert refused.value.refusal is Refusal.ADDRESS
    assert provider.came == []


@pytest.mark.parametrize(
    "url", ["ftp://x/", "provider.example", "http://provider.example/", "https://u:p@x.example/", "https://x:99999/"]
)
def test_a_url_that_letters_may_not_go_to_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="RELANCE_REGISTERED_URL"):
        parse_provider_url(url)


def test_https_is_the_usual_way() -> None:
    url = parse_provider_url("https://provider.example/v1/letters?account=7")
    assert (url.host, url.port, url.path, url.tls) == ("provider.example", 443, "/v1/letters?account=7", True)
