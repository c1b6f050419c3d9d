"""Brand kits: the colours, fonts and logos of a house, taken from its web site; ``heygen.brand_kits``."""

from collections.abc import Sequence

from attrs import field, frozen

from heygen_async.job import Job
from heygen_async.operation import (
    DELETE,
    GET,
    PATCH,
    POST,
    Answer,
    Body,
    JobKind,
    JobRequest,
    Keyed,
    PageRequest,
    Report,
    Request,
)
from heygen_async.resource import Resource, call, pages, submit
from heygen_async.rules import IDENTIFIER, Between, Clear, Length, rule

__all__ = [
    "BrandColors",
    "BrandFont",
    "BrandFonts",
    "BrandKit",
    "BrandKitColors",
    "BrandKitDetail",
    "BrandKitFont",
    "BrandKitFontRole",
    "BrandKitFonts",
    "BrandKitLogo",
    "BrandKitLogos",
    "BrandKits",
    "BrandLogos",
    "CreateBrandKit",
    "CreatedBrandKit",
    "DeleteBrandKit",
    "DeletedBrandKit",
    "GetBrandKit",
    "ListBrandKits",
    "UpdateBrandKit",
]


@frozen
class BrandKit(Answer):
    """A brand kit in a list."""

    brand_kit_id: str
    name: str = ""
    colors: Sequence[str] = ()
    """Such as ``#FF5733``."""

    logo_url: str | None = None


@frozen
class BrandKitColors(Answer):
    """Which colour is for what."""

    primary: str | None = None
    secondary: str | None = None
    tertiary: str | None = None
    accent: str | None = None


@frozen
class BrandKitFontRole(Answer):
    """The font of one kind of text."""

    font_id: str | None = None
    weight: int | None = None
    """1 to 1000; 400 is regular, 700 bold."""


@frozen
class BrandKitFonts(Answer):
    """Which font is for what."""

    title_text: BrandKitFontRole | None = None
    body_text: BrandKitFontRole | None = None


@frozen
class BrandKitFont(Answer):
    """A font that the kit has."""

    font_id: str
    name: str | None = None


@frozen
class BrandKitLogos(Answer):
    """Which logo is for what."""

    primary: str | None = None
    """The `BrandKitLogo.logo_id` of one."""


@frozen
class BrandKitLogo(Answer):
    """A logo that the kit has."""

    logo_id: str
    name: str | None = None
    url: str | None = None


@frozen
class BrandKitDetail(Answer):
    """One brand kit, with all that is in it."""

    brand_kit_id: str
    name: str = ""
    status: str = ""
    """``loading`` while HeyGen looks at the web site, ``completed`` or ``error``; an open set."""

    colors: Sequence[str] = ()
    """Such as ``#FF5733``."""

    color_roles: BrandKitColors | None = None
    fonts: Sequence[BrandKitFont] = ()
    font_roles: BrandKitFonts | None = None
    logos: Sequence[BrandKitLogo] = ()
    logo_roles: BrandKitLogos | None = None


@frozen
class CreatedBrandKit(Answer):
    """The receipt for a brand kit."""

    brand_kit_id: str
    status: str = "loading"


@frozen
class DeletedBrandKit(Answer):
    """The receipt for a deletion."""

    brand_kit_id: str


@frozen
class GetBrandKit(Request[BrandKitDetail]):
    """One brand kit."""

    endpoint = GET("/v3/brand-kits/{brand_kit_id}", since="2026-09")
    brand_kit_id: str = field(metadata=rule(IDENTIFIER))


@frozen(kw_only=True)
class ListBrandKits(PageRequest[BrandKit]):
    """The account's brand kits."""

    endpoint = GET("/v3/brand-kits")
    limit: int | None = field(default=None, metadata=rule(Between(1, 100, whole=True)))
    """How many per page, 1 to 100; HeyGen's default is 20."""

    token: str | None = None
    """Where to go on; the client fills it."""


@frozen
class DeleteBrandKit(Request[DeletedBrandKit]):
    """Delete a brand kit."""

    endpoint = DELETE("/v3/brand-kits/{brand_kit_id}", since="2026-09")
    brand_kit_id: str = field(metadata=rule(IDENTIFIER))


BRAND_KIT = JobKind("brand kit", get=GetBrandKit, report=lambda kit: Report(kit.status), slot=False, has_file=False)
"""How a brand kit is followed until HeyGen has looked at the web site."""


@frozen(kw_only=True)
class CreateBrandKit(Keyed, JobRequest[CreatedBrandKit, BrandKitDetail]):
    """Have HeyGen find colours, fonts and logos on a web site. A video can have the kit when the job is done.

    A kit is no file: the job gives it, with links to its logos, which `HeyGen.fetch` brings. `Job.download` raises
    `DownloadFailed`.
    """

    endpoint = POST("/v3/brand-kits", status=201, since="2026-09")
    kind = BRAND_KIT
    url: str = field(metadata=rule(Length(1, 2048)))
    """The address of the web site, up to 2,048 characters."""

    name: str | None = field(default=None, metadata=rule(Length(0, 256)))
    """Up to 256 characters; ``None``: HeyGen finds one."""

    @staticmethod
    def job_id(receipt: CreatedBrandKit) -> str:
        """Find the kit's id."""
        return receipt.brand_kit_id


@frozen(kw_only=True)
class BrandColors(Body):
    """Which colour a kit is to use for what. ``None`` leaves it as it is, `CLEAR` empties it."""

    primary: str | Clear | None = None
    """Such as ``#FF5733``."""

    secondary: str | Clear | None = None
    tertiary: str | Clear | None = None
    accent: str | Clear | None = None


@frozen(kw_only=True)
class BrandFont(Body):
    """The font that a kit is to use for one kind of text. ``None`` leaves it as it is, `CLEAR` empties it."""

    font_id: str | Clear | None = None
    """One of `BrandKitDetail.fonts`."""

    weight: int | Clear | None = field(default=None, metadata=rule(Between(1, 1000, whole=True)))
    """1 to 1000; 400 is regular, 700 bold."""


@frozen(kw_only=True)
class BrandFonts(Body):
    """Which font a kit is to use for what. ``None`` leaves it as it is, `CLEAR` empties it."""

    title_text: BrandFont | Clear | None = None
    body_text: BrandFont | Clear | None = None


@frozen(kw_only=True)
class BrandLogos(Body):
    """Which logo a kit is to use. ``None`` leaves it as it is, `CLEAR` empties it."""

    primary: str | Clear | None = None
    """The id of one of `BrandKitDetail.logos`."""


@frozen
class UpdateBrandKit(Request[BrandKitDetail]):
    """Rename a brand kit, or choose among its colours, fonts and logos. ``None`` leaves a thing as it is."""

    endpoint = PATCH("/v3/brand-kits/{brand_kit_id}", since="2026-09")
    brand_kit_id: str = field(metadata=rule(IDENTIFIER))
    name: str | None = field(default=None, kw_only=True, metadata=rule(Length(1, 256)))
    """1 to 256 characters."""

    color_roles: BrandColors | None = field(default=None, kw_only=True)
    """Which colour is for what."""

    font_roles: BrandFonts | None = field(default=None, kw_only=True)
    """Which font is for what."""

    logo_roles: BrandLogos | None = field(default=None, kw_only=True)
    """Which logo is used."""


class BrandKits(Resource):
    """``heygen.brand_kits``: how the videos of a house look. `CreateVideoAgent` takes one."""

    create = submit(CreateBrandKit)
    get = call(GetBrandKit)
    update = call(UpdateBrandKit)
    delete = call(DeleteBrandKit)
    list = pages(ListBrandKits)

    def job(self, brand_kit_id: str) -> Job[BrandKitDetail]:
        """Pick up a brand kit that is being made, in this process or another. Asks nobody before it is awaited.

        Raises `RequestInvalid` for what cannot be an id.
        """
        return self._wire.job(BRAND_KIT, brand_kit_id)
