import pytest

from heygen_async.api.engines import AvatarIII, AvatarIV, AvatarV, Engine, engine_problems
from heygen_async.errors import RequestInvalid


@pytest.mark.parametrize(
    ("engine", "motion_prompt", "expressiveness", "fields"),
    [
        (None, "nodding", "high", []),
        (AvatarIV(), "nodding", "high", []),
        (AvatarV(), "nodding", None, []),
        (AvatarV(), "nodding", "high", ["expressiveness"]),
        (AvatarIII(), None, None, []),
        (AvatarIII(), "nodding", None, ["motion_prompt"]),
        (AvatarIII(), "nodding", "low", ["motion_prompt", "expressiveness"]),
    ],
)
def test_what_an_engine_refuses(
    engine: Engine | None, motion_prompt: str | None, expressiveness: str | None, fields: list[str]
) -> None:
    found = engine_problems(engine, motion_prompt, expressiveness)
    assert [problem.field for problem in found] == fields


def test_a_look_to_move_like_is_named_by_its_id() -> None:
    assert AvatarV(reference_look_id="look").reference_look_id == "look"
    with pytest.raises(RequestInvalid, match="reference_look_id: must not be empty"):
        AvatarV(reference_look_id="")
