"""docker-compose.yml: well formed, and everything it names exists here. No engine runs where it is tested."""

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest

import settings
from ledger.database import normalise_url
from workflows.contracts import QUEUES

HOUSE = Path(settings.__file__).resolve().parent
FOLDER = Path(__file__).parent
INTERPOLATED = re.compile(r"\$\{([A-Z_]+)(:-([^}]*))?\}")
OUR_OWN = ("migrate", "console", "worker", "worker-recovery", "worker-correspondence", "worker-judiciary")
ONE_SHOT = ("temporal-schema", "temporal-namespace", "migrate")


def filled(text: str) -> str:
    """The text with every variable replaced by its default."""
    return INTERPOLATED.sub(lambda match: match[3] or "", text)


def test_the_file_is_a_compose_file(compose: dict[str, Any]) -> None:
    schema = json.loads((FOLDER / "compose_schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    faults = jsonschema.Draft202012Validator(schema).iter_errors(compose)
    assert [f"{list(fault.absolute_path)}: {fault.message}" for fault in faults] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"restart": "sometimes"},
        {"depends_on": {"postgres": {"condition": "service_happy"}}},
        {"helthcheck": {}},
        {"ports": ["eight:80"]},
        {"healthcheck": {"test": ["RUN", "true"]}},
    ],
)
def test_the_schema_refuses_what_compose_would(wrong: dict[str, Any]) -> None:
    schema = json.loads((FOLDER / "compose_schema.json").read_text(encoding="utf-8"))
    file = {"name": "x", "services": {"postgres": {"image": "a:1"}, "b": {"image": "b:1", **wrong}}}
    assert not jsonschema.Draft202012Validator(schema).is_valid(file)


def test_the_asked_services_are_there(services: dict[str, dict[str, Any]]) -> None:
    asked = {"postgres", "temporal-schema", "temporal", "temporal-namespace", "temporal-ui", "mailpit"}
    assert asked | set(OUR_OWN) == set(services)
    assert services["temporal"]["image"].startswith("temporalio/server:")
    assert services["temporal-schema"]["image"].startswith("temporalio/admin-tools:")
    assert services["temporal-schema"]["image"].split(":", 1)[1] == services["temporal"]["image"].split(":", 1)[1]


def test_every_image_is_pinned(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        tag = filled(service["image"]).rpartition(":")[2]
        assert re.match(r"v?\d", tag), f"{name}: {service['image']} names no version"


def test_every_variable_has_a_local_default_and_is_explained(compose: dict[str, Any]) -> None:
    example = (HOUSE / "deploy" / "env.example").read_text(encoding="utf-8")
    explained = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    text = json.dumps(compose)
    without = {"RELANCE_POLICIES", "RELANCE_RATES"}  # folders: mounted as well as named
    names = {match[1] for match in INTERPOLATED.finditer(text)}
    assert all(match[2] is not None for match in INTERPOLATED.finditer(text)), "a variable without default"
    assert names - without == explained
    # A shell that has loaded .env must still be able to run starter.py, which refuses unknown settings.
    assert {name for name in names if name.startswith("RELANCE_")} <= set(settings.VARIABLES)


@pytest.mark.parametrize("name", OUR_OWN)
def test_our_containers_get_every_setting_and_no_other(
    name: str, services: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    environment = {key: filled(value) for key, value in services[name]["environment"].items()}
    ours = {key for key in environment if key.startswith("RELANCE_")}
    # A secret that only the console needs is not shown to the others.
    others = set() if name == "console" else {"RELANCE_OIDC", "RELANCE_OIDC_SECRET"}
    assert ours == set(settings.VARIABLES) - {"RELANCE_CLOCK"} - others
    assert environment["RELANCE_CREDITORS"] in {mount.split(":")[1] for mount in mounts(services[name])}
    here = {
        **environment,
        "RELANCE_CREDITORS": str(HOUSE / "examples" / "creditors.toml"),
        "RELANCE_STORE": str(tmp_path),
    }
    read = settings.read_settings(here)
    assert read.creditors()
    url = normalise_url(read.database_url)
    assert (url.host, url.port, url.database) == ("postgres", 5432, "relance")
    assert urlsplit(read.smtp_url).netloc == "mailpit:1025"


def mounts(service: dict[str, Any]) -> list[str]:
    return [filled(mount) for mount in service.get("volumes", [])]


def test_every_mounted_file_exists(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for mount in mounts(service):
            source = mount.split(":")[0]
            if source.startswith("."):
                assert (HOUSE / source).is_file(), f"{name}: {source} does not exist"
            else:
                assert source in compose["volumes"], f"{name}: volume {source} is not declared"


def test_every_mounted_script_can_be_executed(services: dict[str, dict[str, Any]]) -> None:
    for service in services.values():
        for mount in mounts(service):
            source = HOUSE / mount.split(":")[0]
            if source.suffix == ".sh":
                assert source.stat().st_mode & 0o111, f"{source.name} is not executable"


def test_every_command_of_ours_exists(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        lines = [service.get("command", [])]
        if name in OUR_OWN and "healthcheck" in service:
            lines.append(service["healthcheck"]["test"][1:])
        for line in lines:
            if line[:2] == ["python", "-m"]:
                assert find_spec(line[2]) is not None, f"{name}: no module {line[2]}"
            elif line[:1] == ["python"]:
                assert (HOUSE / line[1]).is_file(), f"{name}: no file {line[1]}"
        if service.get("entrypoint") == ["/bin/sh"]:
            assert service["command"][0] in {mount.split(":")[1] for mount in mounts(service)}


def test_the_queues_are_those_of_the_contract(services: dict[str, dict[str, Any]]) -> None:
    split = {service["command"][3]: service for service in services.values() if "profiles" in service}
    assert tuple(sorted(split)) == tuple(sorted(QUEUES))
    for queue, service in split.items():
        assert service["healthcheck"]["test"][-1] == queue
    assert services["worker"]["healthcheck"]["test"][-1] in QUEUES


def test_the_start_order_stands(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        for needed, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in services[needed], f"{name} waits for the health of {needed}, which has none"
            if how["condition"] == "service_completed_successfully":
                assert needed in ONE_SHOT
    assert {"migrate", "temporal-namespace"} <= set(before("console", services))
    order = [*before("worker", services), "worker"]
    for first, then in (
        ("postgres", "temporal-schema"), ("temporal-schema", "temporal"), ("temporal", "temporal-namespace"),
        ("temporal-namespace", "worker"), ("postgres", "migrate"), ("migrate", "worker"),
    ):  # fmt: skip
        assert order.index(first) < order.index(then)


def before(name: str, services: dict[str, dict[str, Any]], seen: tuple[str, ...] = ()) -> list[str]:
    """What must have started before a service, in order; a circle is a fault."""
    assert name not in seen, f"circle: {seen}"
    order: list[str] = []
    for needed in services[name].get("depends_on", {}):
        order += [one for one in [*before(needed, services, (*seen, name)), needed] if one not in order]
    return order


def test_what_runs_for_ever_is_restarted_and_watched(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        if name in ONE_SHOT:
            assert service["restart"].startswith("on-failure")
        else:
            assert service["restart"] == "unless-stopped"
            assert "healthcheck" in service
            assert service["deploy"]["resources"]["limits"]["memory"]
        assert "container_name" not in service, "a fixed name cannot be scaled"
        assert "no-new-privileges:true" in service["security_opt"]


def test_ports_are_published_on_this_machine_only(services: dict[str, dict[str, Any]]) -> None:
    published = {
        name: [filled(port).split(":") for port in service["ports"]]
        for name, service in services.items()
        if "ports" in service
    }
    assert {name: [port[2] for port in ports] for name, ports in published.items()} == {
        "temporal": ["7233"], "temporal-ui": ["8080"], "mailpit": ["8025"], "console": ["8000"],
    }  # fmt: skip
    assert all(port[0] == "127.0.0.1" for ports in published.values() for port in ports)
    for name in ("temporal-namespace", "temporal-ui", *OUR_OWN):
        assert services[name]["environment"]["TEMPORAL_ADDRESS"] == "temporal:7233"
    assert services["temporal-ui"]["environment"]["TEMPORAL_UI_PORT"] == "8080"
