"""The JSON Schema of each kind of file accepts what the library reads and refuses what it refuses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pytest
import yaml

from dualprev_rules.pack import json_schemas
from dualprev_rules.pack.spec import KINDS, kind_of
from tests.pack.packs import BROKEN, FIXTURES
from tests.pack.test_mistakes import MISTAKES, edited

ROOT = Path(__file__).parents[2]
SCHEMAS = json_schemas()
PACKS = [
    ROOT / "dualprev_rules" / "risk" / "core",
    *sorted((ROOT / "packs").glob("*/dualprev_pack_*")),
    BROKEN / "_base",
    FIXTURES / "packs" / "editions",
]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Loads as an editor does, by the types of YAML 1.2: ``no`` and days are text."""

    yaml_implicit_resolvers: ClassVar[Any] = {
        first: [(tag, pattern) for tag, pattern in found if not tag.endswith(("timestamp", "bool"))]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("(?:true|false)$"), list("tf"))


def _load(text: str) -> Any:
    return yaml.load(text, _Loader)


def test_every_kind_has_a_valid_schema() -> None:
    assert set(SCHEMAS) == {kind.name for kind in KINDS} | {"profile"}
    for schema in SCHEMAS.values():
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_the_files_of_a_pack_that_loads_are_valid(pack: Path) -> None:
    validators = {name: jsonschema.Draft202012Validator(schema) for name, schema in SCHEMAS.items()}
    found: list[str] = []
    for file in sorted(pack.rglob("*.yaml")):
        kind = kind_of(file.relative_to(pack).as_posix())
        assert kind is not None
        document = _texts(_load(file.read_text("utf-8")))
        errors = validators[kind.name].iter_errors(document)
        found += [f"{file.name}: {error.json_path}: {error.message}" for error in errors]
    assert found == []


def _texts(value: Any) -> Any:
    """Return the document with its keys as text, as JSON has them."""
    match value:
        case dict():
            return {str(key): _texts(part) for key, part in value.items()}
        case list():
            return [_texts(part) for part in value]
        case _:
            return value


def test_the_national_profile_is_valid() -> None:
    text = (ROOT / "dualprev_rules" / "risk" / "profiles" / "national.yaml").read_text("utf-8")
    jsonschema.Draft202012Validator(SCHEMAS["profile"]).validate(_texts(_load(text)))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("rules", "- {rule: a, kind: chek}"),
        ("measures", "- {measure: m, title: x, kind: engineering, colour: red}"),
        ("measures", "- {title: x, kind: engineering}"),
        ("facts", "unit: {label: 单元, attributes: {a: {type: boolean, label: x}}}"),
        ("pack", "{pack: x, version: 1, language: one, title: x}"),
    ],
)
def test_what_is_at_fault_is_not_valid(kind: str, text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMAS[kind]).validate(_load(text))


# What the form of a file alone shows, to the loader and to an editor.
OF_FORM = frozenset(
    f"pack.{name}"
    for name in (
        "attributes-wanted",
        "empty-list",
        "list-wanted",
        "mapping-wanted",
        "members-wanted",
        "missing-key",
        "not-a-day",
        "not-a-flag",
        "not-a-name",
        "not-a-whole-number",
        "not-an-id",
        "not-days",
        "not-one-of",
        "text-wanted",
        "type-form",
        "unknown-key",
        "words-wanted",
    )
)
# What takes a look at two places of a file.
BEYOND = frozenset(("when without for", "grading factor name", "empty rules file"))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["name"])
def test_an_editor_sees_the_mistakes_of_form(mistake: dict[str, Any], tmp_path: Path) -> None:
    pack = edited(tmp_path, mistake["edits"])
    for name, _, new in mistake["edits"]:
        kind = kind_of(name)
        found = {fault["code"] for fault in mistake["found"] if fault["at"].startswith(name)}
        if new is None or kind is None or not name.endswith(".yaml") or mistake["name"] in BEYOND:
            continue
        try:
            document = _texts(_load((pack / name).read_text("utf-8")))
        except yaml.YAMLError:
            continue
        valid = jsonschema.Draft202012Validator(SCHEMAS[kind.name]).is_valid(document)
        assert valid or found
        assert not (valid and found & OF_FORM)


def test_keys_say_what_they_mean() -> None:
    properties = SCHEMAS["rules"]["$defs"]["RuleSpec"]["properties"]
    assert properties["duty_of"]["description"] == "Whose breach it is."
    assert properties["for"]["description"]


def test_figures_may_be_numbers_or_text() -> None:
    schema = SCHEMAS["grading"]["$defs"]["ScoreSpec"]
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid({"score": 0.5, "meaning": "x"})
    assert validator.is_valid({"score": "2/3", "meaning": "x"})
    assert not validator.is_valid({"score": "many", "meaning": "x"})
