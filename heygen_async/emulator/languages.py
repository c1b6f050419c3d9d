"""What videos can be translated into, by the names that HeyGen has for languages: alone, or with a country.

HeyGen has some 175 of them; these are the ones that are asked for most. One that espeak-ng does not know is spoken as
English.
"""

from heygen_async.emulator.refusals import invalid

__all__ = ["LANGUAGES", "language"]

_ALONE = (
    "English Spanish French Hindi Italian German Polish Portuguese Chinese Japanese Dutch Turkish Korean Danish Arabic "
    "Romanian Mandarin Filipino Swedish Indonesian Ukrainian Greek Czech Bulgarian Malay Slovak Croatian Tamil Finnish "
    "Russian Hungarian Norwegian Vietnamese Thai Hebrew Bengali Persian Urdu Swahili Serbian Slovenian Lithuanian "
    "Latvian Estonian Icelandic Catalan"
)

_WITH_COUNTRIES = {
    "Arabic": ("Egypt", "Saudi Arabia", "United Arab Emirates"),
    "Chinese": ("Cantonese, Traditional", "Mandarin, Simplified", "Taiwanese Mandarin, Traditional"),
    "Dutch": ("Belgium", "Netherlands"),
    "English": ("Australia", "Canada", "India", "UK", "United States"),
    "French": ("Belgium", "Canada", "France", "Switzerland"),
    "German": ("Austria", "Germany", "Switzerland"),
    "Italian": ("Italy",),
    "Japanese": ("Japan",),
    "Korean": ("Korea",),
    "Polish": ("Poland",),
    "Portuguese": ("Brazil", "Portugal"),
    "Spanish": ("Argentina", "Colombia", "Mexico", "Spain", "United States"),
    "Swahili": ("Kenya", "Tanzania"),
    "Ukrainian": ("Ukraine",),
}

LANGUAGES = (
    *_ALONE.split(),
    *(f"{name} ({country})" for name, countries in _WITH_COUNTRIES.items() for country in countries),
)
"""All of them."""


def language(name: str) -> str:
    """Return a language's name as HeyGen writes it, whatever its case. Raises `Refusal` (400) for an unknown one."""
    for known in LANGUAGES:
        if known.casefold() == name.strip().casefold():
            return known
    raise invalid(
        "output_languages",
        f"{name} is not a language to translate into; GET /v3/video-translations/languages lists them",
    )
