"""The columns of a table are the fields of the API, and a cell becomes what its field wants."""

import pytest
from tables import SPOKEN, WHITE, problems_with, read_text, row_of, table

from heygen_async.api.engines import AvatarIII, AvatarV
from heygen_async.api.media import Asset, Url
from heygen_async.api.scenes import Background
from heygen_async.api.speech import ElevenLabs, Starfish, VoiceSettings
from heygen_async.api.videos import AvatarVideo, Caption, CinematicVideo, ImageVideo
from heygen_async.bulk.columns import KINDS, columns, every_column, fold, suggest


class TestColumns:
    def test_no_two_columns_are_one_when_folded(self) -> None:
        names = {column.name for kind in KINDS for column in columns(kind).values()}
        assert len({fold(name) for name in names}) == len(names) == len(every_column())

    def test_the_columns_are_the_fields_of_the_api_and_the_name_of_the_file(self) -> None:
        names = set(every_column().values())
        assert names >= {"type", "file", "script", "avatar_id", "voice_settings.engine_settings.stability"}
        assert names >= {"image.url", "engine.type", "caption.style", "watermark.placement.offset_x", "references"}
        assert "scenes" not in names

    def test_a_suggestion_is_the_shortest_column_that_ends_so(self) -> None:
        assert [suggest(header) for header in ("style", "Avatar", "zzz")] == ["caption.style", "avatar_id", None]


class TestCells:
    def test_numbers_switches_and_words_are_converted_by_their_field(self) -> None:
        request = row_of(
            **WHITE,
            voice_settings__speed="1,25",
            voice_settings__pitch="-3",
            remove_background="Yes",
            resolution="1080p",
            background__value="#102030",
            engine__reference_look_id="other",
        )
        assert request == AvatarVideo(
            avatar_id="look",
            script="Hello",
            voice_settings=VoiceSettings(speed=1.25, pitch=-3),
            remove_background=True,
            resolution="1080p",
            background=Background(type="color", value="#102030"),
            engine=AvatarV(reference_look_id="other"),
        )

    @pytest.mark.parametrize(("cell", "value"), [("true", True), ("1", True), ("NO", False), ("0", False)])
    def test_a_switch_has_six_words(self, cell: str, *, value: bool) -> None:
        assert row_of(**WHITE, remove_background=cell).remove_background is value

    @pytest.mark.parametrize("cell", ["fast", "1,000", "1_0", "nan", "1e999", "٣", "1.2.3"])
    def test_a_word_for_a_number_is_a_problem(self, cell: str) -> None:
        expected = f"line 2, column voice_settings.speed: must be a number, not '{cell}'"
        assert problems_with(**WHITE, voice_settings__speed=cell) == [expected]

    def test_a_cinematic_video_takes_lists_and_whole_numbers(self) -> None:
        request = row_of(avatar_id="one; two;", prompt="They dance", duration="5.0", references="https://a/b|http://c")
        assert request == CinematicVideo(
            avatar_id=("one", "two"),
            prompt="They dance",
            duration=5,
            references=(Url("https://a/b"), Url("http://c")),
        )
        (problem,) = problems_with(avatar_id="one", prompt="x", duration="5.5")
        assert problem == "line 2, column duration: must be a whole number, not '5.5'"

    def test_an_engine_can_be_named_in_one_cell(self) -> None:
        assert row_of(**WHITE, engine="avatar_iii").engine == AvatarIII()
        both = row_of(**WHITE, engine="avatar_v", engine__reference_look_id="other")
        assert both.engine == AvatarV(reference_look_id="other")

    def test_settings_that_only_one_voice_engine_has_name_it(self) -> None:
        name = "voice_settings__engine_settings"
        settings = row_of(**WHITE, **{f"{name}__style": "0.5", f"{name}__stability": "1"}).voice_settings
        assert settings == VoiceSettings(engine_settings=ElevenLabs(style=0.5, stability=1))
        assert row_of(**WHITE, **{name: "starfish"}).voice_settings.engine_settings == Starfish()
        (problem,) = problems_with(**WHITE, **{f"{name}__stability": "1"})
        assert "engine_settings.engine_type: must be one of elevenlabs, fish, starfish" in problem

    @pytest.mark.parametrize(
        ("cell", "caption"), [("yes", Caption()), ("SRT", Caption()), ("true", Caption()), ("no", None), ("0", None)]
    )
    def test_captions_can_be_asked_for_in_one_cell(self, cell: str, caption: Caption | None) -> None:
        assert row_of(**WHITE, caption=cell).caption == caption

    def test_captions_can_be_asked_for_with_their_style(self) -> None:
        assert row_of(**WHITE, caption="yes", caption__style="default").caption == Caption(style="default")
        expected = "line 2, column caption: must be yes, no or srt, not 'maybe'"
        assert problems_with(**WHITE, caption="maybe") == [expected]

    def test_a_background_is_a_colour_or_an_address_in_one_cell(self) -> None:
        assert row_of(**WHITE, background="#fafafa").background == Background(type="color", value="#fafafa")
        url = "https://a.b/c.png"
        assert row_of(**WHITE, background=url).background == Background(type="image", url=url)
        assert row_of(**WHITE, background__asset_id="x").background == Background(type="image", asset_id="x")
        assert row_of(**WHITE, background="#fafafa", background__type="color").background.type == "color"

    def test_cells_that_contradict_each_other_are_a_problem(self) -> None:
        (first, *_) = problems_with(**WHITE, background="#fafafa", background__value="#000000")
        assert first.startswith("line 2, column background.value: contradicts another column")
        (first, *_) = problems_with(**WHITE, background__type="image", background__value="#000000")
        assert first.startswith(
            "line 2, column background.value: contradicts another column: background.type is 'image'"
        )

    def test_a_cell_is_stripped_and_an_empty_one_is_not_given(self) -> None:
        assert row_of(avatar_id=" look ", script=" Hello\n", title="  ", voice_settings__speed="") == SPOKEN


class TestKinds:
    def test_a_kind_is_told_by_its_fields(self) -> None:
        image = ImageVideo(image=Url("https://a/b.png"), script="Hi", voice_id="v")
        assert row_of(image="https://a/b.png", script="Hi", voice_id="v") == image
        assert row_of(image_url="https://a/b.png", script="Hi", voice_id="v") == image
        assert row_of(image__asset_id="x", script="Hi", voice_id="v").image == Asset("x")
        assert isinstance(row_of(avatar_id="a", prompt="x"), CinematicVideo)

    def test_a_kind_can_be_named(self) -> None:
        assert row_of(**WHITE, type="Avatar") == SPOKEN
        assert isinstance(row_of(avatar_id="a", prompt="x", type="cinematic avatar"), CinematicVideo)

    def test_an_unknown_kind_is_one_problem(self) -> None:
        expected = "line 2, column type: is 'studio'; it must be one of avatar, image, cinematic_avatar"
        assert problems_with(**WHITE, type="studio") == [expected]
        assert problems_with(type="studio", script="x")[0] == expected

    def test_a_row_of_no_kind_is_checked_all_the_same(self) -> None:
        assert problems_with(script="", voice_settings__speed="9", title="x") == [
            "line 2, column avatar_id: is missing; a row needs avatar_id, image or prompt",
            "line 2, column voice_settings.speed: is 9; it must lie between 0.5 and 1.5",
            "line 2, column script: is missing; one of script, audio_url, audio_asset_id is needed",
        ]

    def test_a_filled_cell_of_another_kind_is_a_problem_and_an_empty_one_is_not(self) -> None:
        text = table(WHITE, {"avatar_id": "a", "prompt": "x", "duration": "5"})
        assert len(read_text(text)) == 2
        assert problems_with(**WHITE, duration="5", image="x.png") == [
            "line 2, column duration: belongs to videos of type cinematic_avatar; this row is of type avatar",
            "line 2, column image: belongs to videos of type image; this row is of type avatar",
        ]
