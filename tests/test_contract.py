"""The package against HeyGen's OpenAPI document, in both directions: no field too many, none too few.

The document is not part of this repository: ``HEYGEN_OPENAPI`` says where it is. Bounds that HeyGen states elsewhere
stay ours alone; where the document has a bound, it must be the same.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args, get_origin

import attrs
import pytest
from anything import request_classes
from attrs import NOTHING

from heygen_async.api.media import LocalFile
from heygen_async.operation import Page, Request, on_the_wire
from heygen_async.rules import Between, OneOf, rules_of

Schema = Mapping[str, Any]

OURS_ALONE = {
    "CreateBatchVideoFrom": {"folder_id"},  # `CreateVideoBatch` refuses it: it belongs on the batch
}
WORDS = {str: "string", int: "integer", float: "number", bool: "boolean"}


class Document:
    """HeyGen's OpenAPI document."""

    def __init__(self, path: Path) -> None:
        self.content = json.loads(path.read_text("utf-8"))

    def operations(self) -> set[tuple[str, str]]:
        """List method and path of everything that HeyGen documents."""
        return {(method.upper(), path) for path, item in self.content["paths"].items() for method in item}

    def operation(self, cls: type[Request[Any]]) -> Schema:
        """Find what the document says about the endpoint of a request class."""
        found: Schema = self.content["paths"][cls.endpoint.path][cls.endpoint.method.lower()]
        return found

    def resolved(self, schema: Schema) -> tuple[str, Schema]:
        """Follow references, and look through "or null"; the name is empty for a schema without one."""
        name = ""
        while True:
            choices = [choice for choice in schema.get("oneOf", ()) if choice != {"type": "null"}]
            if "$ref" in schema:
                name = schema["$ref"].rpartition("/")[2]
                schema = self.content["components"]["schemas"][name]
            elif len(choices) == 1 and "discriminator" not in schema:
                schema = choices[0]
            else:
                return name, schema

    def variants(self, schema: Schema) -> Mapping[str, Schema]:
        """List the kinds that a discriminator tells apart, by their tag."""
        field = schema["discriminator"]["propertyName"]
        named = [self.resolved(choice) for choice in schema["oneOf"]]
        kinds = [{**kind, "x-name": name} for name, kind in named]
        return {kind["properties"][field]["const"]: kind for kind in kinds}


@pytest.fixture(scope="module")
def document() -> Document:
    path = Path(os.environ.get("HEYGEN_OPENAPI", ""))
    if not path.is_file():
        pytest.skip("HEYGEN_OPENAPI does not name HeyGen's OpenAPI document, so there is nothing to compare with")
    return Document(path)


@pytest.mark.parametrize("cls", request_classes(), ids=lambda cls: cls.__name__)
def test_a_request_has_the_fields_of_the_document(document: Document, cls: type[Request[Any]]) -> None:
    found = list(request_differences(document, cls))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("cls", request_classes(), ids=lambda cls: cls.__name__)
def test_an_answer_has_the_fields_of_the_document(document: Document, cls: type[Request[Any]]) -> None:
    schema = document.operation(cls)["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
    answer, data = cls.answer, schema["data"]
    if get_origin(answer) is Page:
        assert {"has_more", "next_token"} <= schema.keys()
        assert data["type"] == "array"
        answer, data = get_args(answer)[0], data["items"]
    else:
        assert data.get("type") != "array", "the document has a list here"
    found = list(differences(document, answer, data, cls.__name__, ours_is_stricter=False))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("cls", request_classes(), ids=lambda cls: cls.__name__)
def test_success_has_the_status_of_the_document(document: Document, cls: type[Request[Any]]) -> None:
    assert cls.endpoint.status == document.operation(cls).get("x-status", 200)


@pytest.mark.parametrize("cls", request_classes(), ids=lambda cls: cls.__name__)
def test_only_what_is_documented_with_an_idempotency_key_gets_one(document: Document, cls: type[Request[Any]]) -> None:
    headers = {at["name"] for at in document.operation(cls).get("parameters", ()) if at["in"] == "header"}
    assert ("Idempotency-Key" in headers) == cls.endpoint.keyed


def test_how_much_of_the_api_is_there(document: Document, capsys: pytest.CaptureFixture[str]) -> None:
    known = document.operations()
    ours = {(cls.endpoint.method, cls.endpoint.path) for cls in request_classes()}
    with capsys.disabled():
        print(f"\n{len(ours)}/{len(known)} operations of HeyGen's OpenAPI document")  # noqa: T201  # the figure asked for
    assert ours <= known


def request_differences(document: Document, cls: type[Request[Any]]) -> Iterator[str]:
    """Say where a request class and its operation differ: path, query, body."""
    operation = document.operation(cls)
    parameters = {at["name"]: at for at in operation.get("parameters", ()) if at["in"] in {"path", "query"}}
    in_path = {name for name, at in parameters.items() if at["in"] == "path"}
    if in_path != set(cls.endpoint.path_fields):
        yield f"{cls.__name__}: path fields {set(cls.endpoint.path_fields)}, documented {in_path}"
    as_schema = {
        "properties": {name: at["schema"] for name, at in parameters.items()},
        "required": [name for name, at in parameters.items() if at.get("required")],
    }
    content = operation.get("requestBody", {}).get("content", {})
    if cls.endpoint.reads:
        assert not content
    else:
        media = "multipart/form-data" if cls.endpoint.body == "form" else "application/json"
        _, body = document.resolved(content[media]["schema"])
        if "discriminator" in body:
            body = document.variants(body)[str(cls.tag)]
        as_schema["properties"] |= body["properties"]
        as_schema["required"] += body.get("required", [])
    yield from differences(document, cls, as_schema, cls.__name__, ours_is_stricter=True)


def differences(document: Document, of: Any, schema: Schema, place: str, *, ours_is_stricter: bool) -> Iterator[str]:
    """Compare a class with a schema, field by field and down to the leaves."""
    name, schema = document.resolved(schema)
    name = schema.get("x-name", name)
    alone = next((fields for start, fields in OURS_ALONE.items() if name.startswith(start)), set())
    theirs = {field: value for field, value in schema["properties"].items() if not is_tag(of, field)}
    ours = {at.name: at for at in on_the_wire(of) if at.name not in alone}
    yield from (f"{place}.{field} is not documented" for field in ours.keys() - theirs.keys())
    yield from (f"{place}.{field} is missing" for field in theirs.keys() - ours.keys())
    for field in sorted(ours.keys() & theirs.keys()):
        at, required = ours[field], field in schema.get("required", ())
        if ours_is_stricter and (at.default is NOTHING) != required:
            yield f"{place}.{field}: required {at.default is NOTHING}, documented {required}"
        if not ours_is_stricter and at.default is NOTHING and not required:
            yield f"{place}.{field} may be missing"
        of_field = bare(at.type)
        yield from type_differences(document, of_field, theirs[field], f"{place}.{field}", strict=ours_is_stricter)
    if ours_is_stricter:
        yield from bound_differences(of, theirs, place)


def type_differences(document: Document, of: Any, schema: Schema, place: str, *, strict: bool) -> Iterator[str]:
    """Compare the type of one field."""
    _, schema = document.resolved(schema)
    kinds = schema.get("type", "object")
    kinds = set(kinds if isinstance(kinds, list) else [kinds]) - {"null"}
    if isinstance(of, tuple):
        yield from kind_differences(document, of, document.variants(schema), place, strict=strict)
    elif get_origin(of) is Sequence and kinds == {"array"}:
        yield from type_differences(document, bare(get_args(of)[0]), schema["items"], f"{place}[]", strict=strict)
    elif attrs.has(of) and of is not LocalFile:
        schema = document.variants(schema)[str(vars(of)["tag"])] if "discriminator" in schema else schema
        yield from differences(document, of, schema, place, ours_is_stricter=strict)
    elif kinds != {word(of)}:
        yield f"{place}: {word(of)}, documented {kinds}"


def kind_differences(
    document: Document, kinds: tuple[Any, ...], variants: Mapping[str, Schema], place: str, *, strict: bool
) -> Iterator[str]:
    """Compare the tagged classes of a union with what a discriminator tells apart."""
    if set(variants) != {cls.tag for cls in kinds}:
        yield f"{place}: kinds {[cls.tag for cls in kinds]}, documented {list(variants)}"
    for cls in kinds:
        if cls.tag in variants:
            yield from differences(document, cls, variants[cls.tag], f"{place}<{cls.tag}>", ours_is_stricter=strict)


def word(of: Any) -> str:
    """Name a type as JSON Schema does; a list is text with commas where it is not an array, in a query."""
    if get_origin(of) is Mapping:
        return "object"
    return WORDS.get(of, "string")


def bound_differences(of: Any, theirs: Mapping[str, Schema], place: str) -> Iterator[str]:
    """Compare words and bounds where the document has any."""
    rules = {name: check for name, _, check in rules_of(of)}
    for field, schema in theirs.items():
        words = {word for word in schema.get("enum", ()) if word is not None}
        check = rules.get(field)
        if words or isinstance(check, OneOf):
            ours = set(check.words) if isinstance(check, OneOf) else set[str]()
            if ours != words:
                yield f"{place}.{field}: one of {ours}, documented {words}"
        bounds = schema.get("minimum"), schema.get("maximum")
        if bounds != (None, None) and not (isinstance(check, Between) and (check.low, check.high) == bounds):
            yield f"{place}.{field}: {check}, documented {bounds}"


def is_tag(of: Any, field: str) -> bool:
    """Tell whether a field of the wire is written from the class rather than from a field of ours."""
    return getattr(of, "tag", None) is not None and field == getattr(of, "tag_name", "type")


def bare(of: Any) -> Any:
    """Take "or None" and "or a local file" away; what is left of a union is a tuple."""
    if get_origin(of) in {Sequence, Mapping} or not get_args(of) or all(isinstance(arg, str) for arg in get_args(of)):
        return of
    left = tuple(arg for arg in get_args(of) if arg not in {type(None), LocalFile})
    return left[0] if len(left) == 1 else left
