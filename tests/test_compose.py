"""`docker-compose.yml` and `web/Dockerfile` hold together. No engine is needed to see that."""

import copy
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from web.consults.settings import desk_settings

TOP = Path(__file__).parents[1]
FILE = TOP / "docker-compose.yml"
DOCKERFILE = TOP / "web" / "Dockerfile"

DEMO = TOP / "web" / "consults" / "demo"

PROFILES = {
    "web": [],
    "worker": ["workers", "demo"],
    "mail": ["demo"],
    "postgres": ["postgres", "workers", "demo"],
    "chroma": ["chroma", "workers", "demo"],
    "model": ["model"],
}
SECRET_NAME = re.compile(r"PASSWORD|SECRET|TOKEN|KEY|CREDENTIAL")
PASSWORD_IN_ADDRESS = re.compile(r"://[^/\s:@${}]+:[^/\s@${}]+@")
VARIABLE = re.compile(r"\$\{(\w+)([^}]*)\}")

Compose = dict[str, Any]


class Strict(yaml.SafeLoader):
    """A loader that refuses a key given twice, where YAML would keep the last."""


def _mapping(loader: Strict, node: yaml.MappingNode) -> dict[str, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    assert len(keys) == len(set(keys)), f"a key given twice {node.start_mark}"
    return dict(loader.construct_pairs(node, deep=True))


Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load() -> Compose:
    return yaml.load(FILE.read_text(encoding="utf-8"), Strict)


def problems(compose: Compose) -> list[str]:
    """What is wrong with a compose file, one sentence each."""
    services = compose["services"]
    found = [f"services are {sorted(services)}"] if services.keys() != PROFILES.keys() else []
    for name, service in services.items():
        found += [f"{name}: {problem}" for problem in _service_problems(name, service, services)]
    return found + _stores_problems(compose) + _text_problems(compose)


def _service_problems(name: str, service: Compose, services: Compose) -> Iterator[str]:
    if service.get("profiles", []) != PROFILES.get(name):
        yield f"profiles are {service.get('profiles')}"
    if (
        missing := {"test", "interval", "timeout", "retries"}
        - service.get("healthcheck", {}).keys()
    ):
        yield f"health check lacks {sorted(missing)}"
    yield from _image_problems(service)
    for port in service.get("ports", []):
        if not re.fullmatch(r"127\.0\.0\.1:\d+:\d+", str(port)):
            yield f"port {port} is not bound to loopback"
    if service.get("network_mode") == "host" or service.get("privileged"):
        yield "shares the machine's network or its rights"
    for other, how in service.get("depends_on", {}).items():
        if other not in services:
            yield f"waits for {other}, which is no service"
        elif services[other].get("profiles") and how.get("required", True):
            yield f"cannot start without {other}, which only a profile starts"
        elif how["condition"] != "service_healthy":
            yield f"does not wait until {other} is healthy"


def _image_problems(service: Compose) -> Iterator[str]:
    if "build" in service:
        if not (TOP / service["build"]["context"] / service["build"]["dockerfile"]).is_file():
            yield "its Dockerfile does not exist"
    elif not re.search(r":\d[\w.-]*$", service.get("image", "")):
        yield f"image {service.get('image')} names no version"


def _stores_problems(compose: Compose) -> list[str]:
    used: dict[str, set[str]] = {"volumes": set(), "secrets": set()}
    found = []
    for name, service in compose["services"].items():
        used["secrets"] |= set(service.get("secrets", []))
        for source in (str(volume).split(":")[0] for volume in service.get("volumes", [])):
            if source.startswith(("/", "~")):
                found.append(f"{name}: mounts {source}, a path of one machine")
            elif not source.startswith("."):
                used["volumes"].add(source)
            elif not (TOP / source).exists():
                found.append(f"{name}: mounts {source}, which does not exist")
    for kind, names in used.items():
        if names != set(compose.get(kind, {})):
            found.append(f"{kind}: used {sorted(names)}, declared {sorted(compose.get(kind, {}))}")
    for name, secret in compose.get("secrets", {}).items():
        if secret.keys() != {"environment"}:
            found.append(f"secret {name} does not come from the environment")
    return found


def _text_problems(compose: Compose) -> list[str]:
    found = []
    for where, text in _texts(compose):
        if PASSWORD_IN_ADDRESS.search(text):
            found.append(f"{where}: a password in an address")
        for variable, default in VARIABLE.findall(text):
            if not default.startswith(":-"):
                found.append(f"{where}: {variable} has no default")
        if SECRET_NAME.search(where[-1]) and not _kept_outside(text):
            found.append(f"{where}: a secret written down")
    return found


def _kept_outside(text: str) -> bool:
    return text.startswith("/run/secrets/") or bool(re.fullmatch(r"\$\{\w+:-\}", text))


def _texts(node: Any, where: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every value as text with the keys that lead to it; a `NAME=value` entry counts as a key."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _texts(value, (*where, str(key)))
    elif isinstance(node, list):
        for entry in node:
            name, equals, value = str(entry).partition("=")
            is_pair = bool(equals) and where[-1] == "environment"
            yield from [((*where, name), value)] if is_pair else _texts(entry, where)
    elif "secrets" not in where:
        yield where, str(node)


def test_the_file_is_sound():
    assert problems(load()) == []


def _web(**changes: Any) -> Callable[[Compose], None]:
    return lambda compose: compose["services"]["web"].update(changes)


SPOILT: dict[str, tuple[Callable[[Compose], None], str]] = {
    "a service is gone": (lambda c: c["services"].pop("model"), "services are"),
    "a profile is gone": (lambda c: c["services"]["postgres"].pop("profiles"), "profiles are"),
    "no health check": (lambda c: c["services"]["chroma"].pop("healthcheck"), "health check lacks"),
    "open to the network": (_web(ports=["8000:8000"]), "not bound to loopback"),
    "open on every address": (_web(ports=["0.0.0.0:8000:8000"]), "not bound to loopback"),
    "the machine's network": (_web(network_mode="host"), "shares the machine's network"),
    "any version": (
        lambda c: c["services"]["model"].update(image="ollama/ollama:latest"),
        "names no version",
    ),
    "no Dockerfile": (_web(build={"context": ".", "dockerfile": "Dockerfile"}), "does not exist"),
    "waits for nobody": (
        _web(depends_on={"queue": {"condition": "service_healthy"}}),
        "which is no service",
    ),
    "waits for a profile": (
        _web(depends_on={"chroma": {"condition": "service_healthy"}}),
        "which only a profile starts",
    ),
    "an undeclared volume": (_web(volumes=["elsewhere:/data"]), "volumes: used"),
    "a volume of nobody": (lambda c: c["volumes"].update(spare=None), "volumes: used"),
    "a path of one machine": (_web(volumes=["/home/me/data:/data"]), "a path of one machine"),
    "a folder not here": (_web(volumes=["./nowhere:/data"]), "which does not exist"),
    "an undeclared secret": (lambda c: c.pop("secrets"), "secrets: used"),
    "a secret in a file": (
        lambda c: c["secrets"].update(postgres_password={"file": "./password.txt"}),
        "does not come from the environment",
    ),
    "a secret inline": (_web(environment={"OPENAI_API_KEY": "sk-123"}), "a secret written down"),
    "a secret in a list": (_web(environment=["API_TOKEN=123"]), "a secret written down"),
    "a secret as default": (
        _web(environment={"OPENAI_API_KEY": "${OPENAI_API_KEY:-sk-123}"}),
        "a secret written down",
    ),
    "a password in an address": (
        _web(environment={"ASSISTANT_DATABASE": "postgresql://assistant:hunter2@postgres/a"}),
        "a password in an address",
    ),
    "a variable one must set": (_web(environment={"A": "${ASSISTANT_MODEL}"}), "has no default"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_file_is_refused(name):
    spoil, expected = SPOILT[name]
    compose = copy.deepcopy(load())
    spoil(compose)
    assert any(expected in problem for problem in problems(compose)), problems(compose)


def test_a_key_given_twice_is_refused():
    with pytest.raises(AssertionError, match="given twice"):
        yaml.load("services: {web: {}, web: {}}", Strict)


def test_chroma_serves_the_version_that_is_installed():
    locked = re.search(
        r"(?m)^chromadb==(\S+)", (TOP / "requirements.lock").read_text(encoding="utf-8")
    )
    assert locked
    assert load()["services"]["chroma"]["image"] == f"chromadb/chroma:{locked[1]}"


def test_the_image_is_of_this_version():
    version = re.search(
        r'(?m)^version = "(.+)"', (TOP / "pyproject.toml").read_text(encoding="utf-8")
    )
    assert version
    assert load()["services"]["web"]["image"] == f"therapy-coding-assistant:{version[1]}"


def test_the_page_answers_where_the_port_and_the_health_check_look():
    web = load()["services"]["web"]
    (inside,) = {port.rsplit(":", 1)[1] for port in web["ports"]}
    assert web["environment"]["ASSISTANT_PORT"] == inside
    assert f"127.0.0.1:{inside}/health" in web["healthcheck"]["test"][-1]
    assert f"EXPOSE {inside}" in DOCKERFILE.read_text(encoding="utf-8")


def test_every_setting_is_one_that_the_code_reads():
    code = "".join(
        path.read_text(encoding="utf-8")
        for package in ("assistant", "ingest", "web")
        for path in (TOP / package).rglob("*.py")
    )
    settings = [name for name in load()["services"]["web"]["environment"] if "ASSISTANT" in name]
    assert [name for name in settings if name not in code] == []


def test_the_workers_image_is_the_pages():
    services = load()["services"]
    assert services["worker"]["image"] == services["web"]["image"]
    assert services["worker"]["environment"] == services["web"]["environment"]
    assert services["worker"]["env_file"] == services["web"]["env_file"]


def test_the_demo_is_set_up_by_settings_that_are_read():
    """By the desk itself, and by the compose file where it has a variable of that name."""
    lines = (DEMO / "demo.env").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    desk = desk_settings(given)
    assert desk is not None
    assert not desk.works
    assert {desk.imap.host, desk.smtp.host} == {"mail"} <= load()["services"].keys()
    used = FILE.read_text(encoding="utf-8") + "".join(
        file.read_text(encoding="utf-8") for file in (TOP / "web").rglob("settings.py")
    )
    names = [name.replace("ASSISTANT_MAIL_", "") for name in given]
    assert [name for name in names if name not in used] == []
