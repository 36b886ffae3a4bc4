"""The console in a real browser: what people do all day, and what no page may do."""

import pytest
from axe_playwright_python.async_playwright import Axe

from tests.console.browsing import CHROMIUM, browsing, serving
from tests.console.conftest import MARTIN
from tests.console.house import Console, bank_line, climbed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(400),  # a browser beside a busy suite
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no real browser: {CHROMIUM} is missing (apt install chromium)"),
]  # fmt: skip
PAGES = (
    "/", "/cases?view=all", f"/cases/{MARTIN}", "/tasks", "/tasks/approve", "/letters", "/letters/tray", "/debtors",
    "/debtors/acme/C-104", "/judicial", f"/judicial/{MARTIN}", "/simulator?play=1", "/reports", "/reports/letters",
    "/audit", f"/audit/{MARTIN}", "/settings", "/bank", f"/cases/{MARTIN}/letter/relance_1",
)  # fmt: skip
DARK = ("/", "/bank", f"/cases/{MARTIN}", "/tasks/approve", "/settings", "/simulator?play=1", f"/audit/{MARTIN}")
"""Where contrast in the dark is looked at: between them, every part of a page."""


async def test_an_operators_day(console: Console) -> None:
    async with serving(console) as address, browsing(address) as nadia:
        await nadia.log_in("nadia")
        page = nadia.page
        await page.keyboard.press("/")
        await page.keyboard.type("boulangerie")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**/cases/{MARTIN}")
        form = page.locator("form[action$='/actions/paid']")
        await form.locator("[name=amount]").fill("200,00")
        await form.locator("button").click()
        await page.wait_for_url("**said=done")
        assert "200,00" in await page.locator("#timeline").inner_text()
        await page.get_by_text("Ouvrir un litige", exact=True).click()
        form = page.locator("form[action$='/actions/dispute']")
        await form.locator("[name=reason]").fill("Deux palettes manquent.")
        await form.locator("button").click()
        await page.wait_for_url("**said=done")
        assert "Litige" in await page.locator("h1").inner_text()
        await page.keyboard.press("g")
        await page.keyboard.press("d")
        await page.wait_for_url(address + "/")
    assert nadia.wrong == []


async def test_what_is_pending_settles_before_ones_eyes(console: Console) -> None:
    console.engine.late = True
    async with serving(console) as address, browsing(address) as nadia:
        await nadia.log_in("nadia")
        await nadia.go(f"/cases/{MARTIN}")
        form = nadia.page.locator("form[action$='/actions/paid']")
        await form.locator("[name=amount]").fill("50")
        await form.locator("button").click()
        await nadia.page.wait_for_url("**said=pending")
        assert "en cours d’enregistrement" in await nadia.page.locator("#timeline").inner_text()
        ((case_id, body, event_id),) = console.engine.heard
        await console.engine.take(case_id, body, event_id)
        await nadia.page.wait_for_url("**said=done", timeout=15_000)
    assert nadia.wrong == []


async def test_a_managers_day_in_english(console: Console) -> None:
    case_id = await climbed(console)
    async with serving(console) as address, browsing(address, color_scheme="dark", locale="en-GB") as claire:
        await claire.log_in("claire")
        await claire.go("/language/en")
        page = claire.page
        await claire.go("/tasks/approve")
        assert "Librairie Noël" in await page.locator("#matter").inner_text()
        await page.locator("form[action$='/actions/approve'] button").click()
        await page.wait_for_url("**said=done")
        assert "/tasks/approve" in page.url
        case = await console.house.ledger.reads.case(case_id)
        assert case is not None
        assert case.case.approved is not None
        await claire.go("/simulator?policy=standard")
        await page.locator("[name=days_relance_1]").fill("20")
        await page.get_by_text("Replay the book", exact=True).click()
        await page.wait_for_url("**days_relance_1=20**")
        assert not console.house.engine.heard[1:]  # type: ignore[attr-defined]
        await claire.go(f"/audit/{case_id}")
        assert "chain" in (await page.locator("main").inner_text()).lower()
    assert claire.wrong == []


@pytest.mark.parametrize(
    ("language", "how"),
    [
        ("fr", {"color_scheme": "light", "viewport": {"width": 1440, "height": 900}}),
        ("en", {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}}),
    ],
)
async def test_no_page_errs_reaches_out_or_shuts_anybody_out(console: Console, language: str, how: dict) -> None:  # type: ignore[type-arg]
    await console.house.ledger.figures.refresh(console.house.today)
    await bank_line(console)
    found: dict[str, list[str]] = {}
    async with serving(console) as address, browsing(address, **how) as claire:
        await claire.log_in("claire")
        await claire.go(f"/language/{language}")
        for path in PAGES:
            await claire.go(path)
            assert await claire.page.evaluate("document.documentElement.lang") == language
            wide = await claire.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wide > 0:
                found.setdefault(path, []).append(f"{wide} px too wide")
            if "/letter/" not in path and (language == "fr" or path in DARK):
                for one in (await Axe().run(claire.page)).response["violations"]:
                    nodes = [node["html"][:120] for node in one["nodes"][:3]]
                    found.setdefault(path, []).append(f"{one['id']}: {nodes}")
    assert found == {}
    assert claire.wrong == []
