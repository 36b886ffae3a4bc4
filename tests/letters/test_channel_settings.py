"""The settings of the channels: defaults, and a sentence for each that is wrong."""

from pathlib import Path

import pytest

from letters.channel_settings import ChannelSettings, read_channels
from rules.refusals import Refused

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PROVIDER = {"RELANCE_REGISTERED_URL": "https://p.example/"}


def test_without_settings_there_are_generous_limits_and_no_extra_channel() -> None:
    assert read_channels({}) == ChannelSettings(8_000_000, 120, None, None, None)


def test_all_of_them_are_read() -> None:
    found = read_channels({
        "RELANCE_MAIL_MAX_KB": "5000", "RELANCE_MAIL_RATE": "30", "RELANCE_DKIM_KEY": "/etc/relance/dkim.pem",
        "RELANCE_DKIM_SELECTOR": "relance", "RELANCE_DKIM_DOMAIN": "acme.example",
        "RELANCE_IMAP_URL": "imaps://u:p@h/", "RELANCE_REGISTERED_URL": "https://provider.example/",
        "RELANCE_REGISTERED_SECRET": SECRET, "RELANCE_REGISTERED_KIND": "electronic",
    })  # fmt: skip
    assert (found.max_bytes, found.per_minute, found.imap_url) == (5_000_000, 30, "imaps://u:p@h/")
    assert found.dkim is not None
    assert found.dkim.key_file == Path("/etc/relance/dkim.pem")
    assert found.registered is not None
    assert found.registered.kind == "electronic"
    assert len(found.registered.secret) == 24
    assert repr(found.registered.secret) not in repr(found)
    assert "u:p" not in repr(found)


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"RELANCE_MAIL_MAX_KB": "8 MB"}, "RELANCE_MAIL_MAX_KB: « 8 MB »"),
        ({"RELANCE_MAIL_RATE": "0"}, "from 1 to 100000"),
        ({"RELANCE_DKIM_KEY": "dkim.pem", "RELANCE_DKIM_DOMAIN": "a.example"}, "RELANCE_DKIM_SELECTOR"),
        (PROVIDER, "RELANCE_REGISTERED_SECRET"),
        (
            {"RELANCE_REGISTERED_URL": "https://p.example/", "RELANCE_REGISTERED_SECRET": "whsec_c2hvcnQ="},
            "SECRET .* 24 to 64",
        ),
        ({"RELANCE_REGISTERED_URL": "https://p.example/", "RELANCE_REGISTERED_SECRET": "a" * 32}, "whsec_"),
        (
            PROVIDER | {"RELANCE_REGISTERED_SECRET": SECRET, "RELANCE_REGISTERED_KIND": "pigeon"},
            "neither paper nor electronic",
        ),
    ],
)
def test_a_wrong_one_is_named(env: dict[str, str], named: str) -> None:
    with pytest.raises(Refused, match=named):
        read_channels(env)
