"""The package against HeyGen's OpenAPI document, in both directions: no field too many, none too few.

The document is not part of this repository: ``HEYGEN_OPENAPI`` says where it is. Bounds that HeyGen states elsewhere
stay ours alone; where the document has a bound, it must be the same.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from types import NoneType
from typing import Any, Literal, get_args, get_origin

import attrs
import pytest
from anything import anything, request_classes, writing_classes
from attrs import NOTHING
from document import WHERE, Document, Schema
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from heygen_async.api.media import LocalFile
from heygen_async.codec import decode, encode
from heygen_async.operation import Clear, Page, Request, on_the_wire
from heygen_async.rules import Between, Count, Length, OneOf, rules_of
from heygen_async.wire import WRITER

BOUND = {"bindable_as", "text_variables", "variable"}
OURS_ALONE = {
    **dict.fromkeys(("AvatarElement", "ImageElement", "VideoElement", "TextElement", "Script"), BOUND),  # a template's
    **dict.fromkeys(("ImageFill", "VideoFill"), BOUND),
    "CreateBatchVideoFrom": {"folder_id"},  # `CreateVideoBatch` refuses it: it belongs on the batch
}
OPEN = {"webhooks": "$.events["}
"""Where HeyGen takes more words than the document has: it adds types of events every few months."""

NEVER_EMPTY = {"UpdateLook.name", "UpdateWebhookEndpoint.url"}
"""Fields that the document lets be null because they may be left out: there is no look without a name."""

WORDS = {str: "string", int: "integer", float: "number", bool: "boolean"}


@pytest.fixture(scope="module")
def document() -> Document:
    if not WHERE.is_file():
        pytest.skip("HEYGEN_OPENAPI does not name HeyGen's OpenAPI document, so there is nothing to compare with")
    return Document(WHERE)


@pytest.fixture(autouse=True)
def _compared_anew(document: Document) -> None:
    document.compared.clear()


@pytest.mark.parametrize("cls", request_classes(), ids=lambda cls: cls.__name__)
def test_a_request_has_the_fields_of_the_document(document: Document, cls: type[Request[Any]]) -> None:
    found = list(request_differences(document, cls))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("cls", request_classes(), ids=lambda cls: cls.__name__)
def test_an_answer_has_the_fields_of_the_document(document: Document, cls: type[Request[Any]]) -> None:
    schema = document.answer_schema(cls.endpoint.method, cls.endpoint.path)
    if schema is None or cls.answer is NoneType:
        return  # the document says nothing, or that nothing comes
    schema = schema["properties"]
    answer, data = cls.answer, schema["data"]
    if get_origin(answer) is Page:
        assert {"has_more", "next_token"} <= schema.keys()
        assert data["type"] == "array"
        answer, data = get_args(answer)[0], data["items"]
    else:
        assert data.get("type") != "array", "the document has a list here"
    found = list(differences(document, answer, data, cls.__name__, ours_is_stricter=False))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("cls", writing_classes(), ids=lambda cls: cls.__name__)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_whatever_is_sent_is_allowed(document: Document, cls: type[Request[Any]], data: st.DataObject) -> None:
    request = data.draw(anything(cls))
    assume(not any(getattr(request, name) in {".", ".."} for name in cls.endpoint.path_fields))  # they are no ids
    body = encode(request).body
    if body is not None:
        faults = document.faults(document.body_schema(cls), json.loads(json.dumps(body)))
        assert [fault for fault in faults if not fault.startswith(OPEN.get(cls.endpoint.path.split("/")[2], "-"))] == []


@pytest.mark.parametrize("cls", request_classes(), ids=lambda cls: cls.__name__)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_whatever_may_be_answered_is_read_whole(
    document: Document, cls: type[Request[Any]], data: st.DataObject
) -> None:
    schema = document.answer_schema(cls.endpoint.method, cls.endpoint.path)
    if schema is None or cls.answer is NoneType:
        return  # the document says nothing, or that nothing comes
    payload = data.draw(document.allowed(schema["properties"]["data"]))
    request: Request[Any] = object.__new__(cls)  # what it asks for makes no difference to how it is read
    answer = decode(request, 200, {}, json.dumps({"data": payload}).encode())
    read = answer.items if isinstance(answer, Page) else answer
    assert list(losses(payload, WRITER.unstructure(read), "$")) == []


@pytest.mark.parametrize("cls", request_classes(), ids=lambda cls: cls.__name__)
def test_success_has_the_status_of_the_document(document: Document, cls: type[Request[Any]]) -> None:
    assert cls.endpoint.status == document.operation(cls).get("x-status", 200)


@pytest.mark.parametrize("cls", request_classes(), ids=lambda cls: cls.__name__)
def test_only_what_is_documented_with_an_idempotency_key_gets_one(document: Document, cls: type[Request[Any]]) -> None:
    headers = {at["name"] for at in document.operation(cls).get("parameters", ()) if at["in"] == "header"}
    assert ("Idempotency-Key" in headers) == cls.endpoint.keyed


@pytest.mark.parametrize("cls", [cls for cls in request_classes() if cls.endpoint.method == "PATCH"])
def test_an_update_can_empty_what_the_document_lets_be_null(document: Document, cls: type[Request[Any]]) -> None:
    found = list(clearing_differences(document, cls, document.body_schema(cls), cls.__name__))
    assert not found, "\n".join(found)


def clearing_differences(document: Document, of: Any, schema: Schema, place: str) -> Iterator[str]:
    """Say where a class can empty a field that the document does not let be null, or the reverse."""
    _, schema = document.resolved(schema)
    ours = {at.name: at.type for at in on_the_wire(of)}
    for field, theirs in schema["properties"].items():
        nullable = "null" in theirs.get("type", ()) or {"type": "null"} in theirs.get("oneOf", ())
        ends = f"{place}.{field}"
        if ends not in NEVER_EMPTY and nullable != (Clear in get_args(ours[field])):
            yield f"{ends}: can be emptied {not nullable}, documented {nullable}"
        if attrs.has(inner := bare(ours[field])):
            yield from clearing_differences(document, inner, theirs, ends)


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
        _, body = document.resolved(content[media]["schema"] if content else {"properties": {}})
        if "discriminator" in body:
            body = document.variants(body)[str(cls.tag)]
        as_schema["properties"] |= body["properties"]
        as_schema["required"] += body.get("required", [])
    yield from differences(document, cls, as_schema, cls.__name__, ours_is_stricter=True)


def differences(document: Document, of: Any, schema: Schema, place: str, *, ours_is_stricter: bool) -> Iterator[str]:
    """Compare a class with a schema, field by field and down to the leaves."""
    name, schema = document.resolved(schema)
    name = schema.get("x-name", name)
    if name and (of, name) in document.compared:
        return  # elements hold elements
    document.compared.add((of, name))
    schema = document.together(schema)
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
        schema = document.variants(schema)[str(of.tag)] if is_kind(of) and "discriminator" in schema else schema
        yield from differences(document, of, schema, place, ours_is_stricter=strict)
    elif kinds != {word(of)}:
        yield f"{place}: {word(of)}, documented {kinds}"


def kind_differences(
    document: Document, kinds: tuple[Any, ...], variants: Mapping[str, Schema], place: str, *, strict: bool
) -> Iterator[str]:
    """Compare the tagged classes of a union with what a discriminator tells apart."""
    ours = {getattr(cls, "tag", ""): cls for cls in kinds}
    if variants.keys() - ours.keys() or ours.keys() - variants.keys() - {""}:  # one without a tag takes what is new
        yield f"{place}: kinds {list(ours)}, documented {list(variants)}"
    for tag in ours.keys() & variants.keys():
        yield from differences(document, ours[tag], variants[tag], f"{place}<{tag}>", ours_is_stricter=strict)


def losses(sent: Any, read: Any, place: str) -> Iterator[str]:
    """Say what of an answer was not read as it came. For us, null is the same as missing, and missing has a default."""
    match sent:
        case dict() if isinstance(read, Mapping):
            for name, value in sent.items():
                if value is not None:
                    yield from losses(value, read.get(name), f"{place}.{name}")
        case list() if isinstance(read, Sequence) and len(read) == len(sent):
            for at, (each, found) in enumerate(zip(sent, read, strict=True)):
                yield from losses(each, found, f"{place}[{at}]")
        case _ if sent != read and str(sent) != str(read):  # the document does not say what some objects hold
            yield f"{place}: {sent!r} was read as {read!r}"


def word(of: Any) -> str:
    """Name a type as JSON Schema does; a list is text with commas where it is not an array, in a query."""
    if get_origin(of) is Mapping:
        return "object"
    if get_origin(of) is Literal:
        return "number" if isinstance(get_args(of)[0], int) else "string"
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
        for least, most in (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")):
            documented = schema.get(least), schema.get(most)
            kept = bounds_of(check) if documented != (None, None) else documented
            if any(bound not in {None, ours} for bound, ours in zip(documented, kept, strict=True)):
                yield f"{place}.{field}: {check}, documented {documented}"


def bounds_of(check: object) -> tuple[float | None, float | None]:
    """Return what a rule keeps a number, a text's length or a list's between."""
    match check:
        case Between(low, high):
            return low, high
        case Length(least, most) | Count(least, most):
            return least, most
        case _:
            return None, None


def is_kind(of: Any) -> bool:
    """Tell whether a class is one of several that a tag tells apart."""
    return isinstance(getattr(of, "tag", None), str)


def is_tag(of: Any, field: str) -> bool:
    """Tell whether a field of the wire is written from the class rather than from a field of ours."""
    return is_kind(of) and field == getattr(of, "tag_name", "type")


def bare(of: Any) -> Any:
    """Take "or None" and "or a local file" away; what is left of a union is a tuple."""
    if get_origin(of) in {Sequence, Mapping} or not get_args(of) or get_origin(of) is Literal:
        return of
    left = tuple(arg for arg in get_args(of) if arg not in {type(None), LocalFile, Clear})
    return left[0] if len(left) == 1 else left
