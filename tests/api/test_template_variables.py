"""What variables are filled with, and how whatever is handed over is written."""

from pathlib import Path
from typing import Any

import pytest
from heads import written

from heygen_async.api.media import Asset, Url
from heygen_async.api.template_variables import TemplateVariable, VariableBinding, filled
from heygen_async.errors import RequestInvalid
from heygen_async.wire import WRITER

URL = Url("https://example.com/a.png")


@pytest.mark.parametrize(
    ("variable", "written"),
    [
        (TemplateVariable.text("Ada"), {"type": "text", "properties": {"content": "Ada"}}),
        (TemplateVariable.image(URL), {"type": "image", "properties": {"url": URL.url}}),
        (
            TemplateVariable.image(Asset("a"), fit="cover"),
            {"type": "image", "properties": {"asset_id": "a", "fit": "cover"}},
        ),
        (TemplateVariable.video(Asset("a")), {"type": "video", "properties": {"asset_id": "a"}}),
        (TemplateVariable.audio(URL), {"type": "audio", "properties": {"url": URL.url}}),
        (
            TemplateVariable.character("look", kind="talking_photo"),
            {"type": "character", "properties": {"character_id": "look", "type": "talking_photo"}},
        ),
        (TemplateVariable.voice("v"), {"type": "voice", "properties": {"voice_id": "v"}}),
        (
            TemplateVariable.voice("v", locale="en-GB"),
            {"type": "voice", "properties": {"voice_id": "v", "locale": "en-GB"}},
        ),
    ],
)
def test_each_type_is_written_as_heygen_does(variable: TemplateVariable, written: Any) -> None:
    assert WRITER.unstructure(variable) == written


def test_a_file_of_this_machine_stands_where_its_address_will(tmp_path: Path) -> None:
    logo, clip = written(tmp_path / "logo.png"), written(tmp_path / "a.mp4")
    assert TemplateVariable.image(logo).properties == {"url": logo}
    assert TemplateVariable.audio(clip).properties == {"url": clip}
    with pytest.raises(RequestInvalid, match=r"properties\.url: \S*logo\.png is no video"):
        TemplateVariable.video(logo)


def test_text_variables_and_what_heygen_shows_are_taken_as_they_are() -> None:
    shown = {"name": "who", "type": "voice", "properties": {"voice_id": "v"}, "newer": 1}
    variables = filled({"a": "Ada", "b": TemplateVariable.voice("w"), "c": shown, "d": {"type": "text"}})
    assert variables == {
        "a": TemplateVariable.text("Ada"),
        "b": TemplateVariable.voice("w"),
        "c": TemplateVariable(type="voice", properties={"voice_id": "v"}, name="who", extra={"newer": 1}),
        "d": TemplateVariable(type="text", properties={}),
    }
    assert WRITER.unstructure(variables["c"]) == shown


def test_everything_that_is_wrong_is_told_by_its_name() -> None:
    with pytest.raises(RequestInvalid) as caught:
        filled({"a": 5, "b": {"type": "music"}, "c": {}, "d": "fine"})  # type: ignore[dict-item]  # the mistake in question
    assert [str(problem) for problem in caught.value.problems] == [
        "variables.a: must be text or a variable, not 5",
        "variables.b.type: is 'music'; it must be one of text, image, video, audio, character, voice",
        "variables.c.type: is required",
    ]
    with pytest.raises(RequestInvalid, match="variables: must be a mapping of names, not \\['Ada'\\]"):
        filled(["Ada"])  # type: ignore[arg-type]  # the mistake in question


def test_a_binding_has_a_type() -> None:
    VariableBinding(type="text", match="Ada")
    with pytest.raises(RequestInvalid, match="type: is 'words'"):
        VariableBinding(type="words")  # type: ignore[arg-type]  # the mistake in question
