"""espeak-ng behind ctypes: text in, samples and the times of words out. Needs espeakng-loader.

The library has one voice, one rate and one callback for the whole process, so all of it is used under one lock, and
it is started once and kept. While it speaks it holds the lock but not the interpreter: other threads go on drawing.
"""

import ctypes
from ctypes import POINTER, c_char_p, c_int, c_short, c_size_t, c_ubyte, c_uint, c_void_p
from threading import Lock

import espeakng_loader
from attrs import define, field

__all__ = ["Espeak"]

_SYNCHRONOUS = 2
"""Mode: samples come by the callback, within the call."""
_AT_CHARACTER = 1
_UTF8 = 1
_RATE, _VOLUME, _PITCH = 1, 2, 3
_WORD = 1
"""The kind of event that says when a word starts."""
_WORDS_A_MINUTE = 165
_MIDDLE_PITCH = 50


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", c_int),
        ("unique_identifier", c_uint),
        ("text_position", c_int),
        ("length", c_int),
        ("audio_position", c_int),
        ("sample", c_int),
        ("user_data", c_void_p),
        ("id", c_void_p),
    )


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", c_char_p),
        ("languages", c_void_p),
        ("identifier", c_char_p),
        ("gender", c_ubyte),
        ("age", c_ubyte),
        ("variant", c_ubyte),
        ("reserved", c_ubyte),
        ("score", c_int),
        ("spare", c_void_p),
    )


_Heard = ctypes.CFUNCTYPE(c_int, POINTER(c_short), c_int, POINTER(_Event))


@define
class _Tape:
    """What was said so far."""

    samples: bytearray = field(factory=bytearray)
    words: list[tuple[int, float]] = field(factory=list)

    def hear(self, samples: "ctypes._Pointer[c_short]", count: int, events: "ctypes._Pointer[_Event]") -> int:
        """Take samples and events; 0 tells the library to go on."""
        if samples:
            self.samples += ctypes.string_at(samples, count * 2)
        place = 0
        while events[place].type:
            event = events[place]
            if event.type == _WORD:
                self.words.append((event.text_position - 1, event.audio_position / 1000))
            place += 1
        return 0


@define
class Espeak:
    """The one speaker of this process."""

    rate: int = 0
    """Samples a second; known once it was started."""
    languages: dict[str, str] = field(factory=dict)
    """Voices' tags by what their language may be called, in small letters: "pt-br", "portuguese"."""
    _library: ctypes.CDLL | None = None
    _lock: Lock = field(factory=Lock)

    def start(self) -> ctypes.CDLL:
        """Load the library and its list of languages, if that was not done yet.

        Raises:
            RuntimeError: when the library does not find its own files.

        """
        with self._lock:
            if self._library is not None:
                return self._library
            library = ctypes.CDLL(espeakng_loader.get_library_path())
            files = espeakng_loader.get_data_path()
            self.rate = library.espeak_Initialize(_SYNCHRONOUS, 0, files.encode(), 0)
            if self.rate <= 0:
                raise RuntimeError(f"espeak-ng cannot be started with its files in {files}")
            self.languages = _languages(library)
            self._library = library
            return library

    def say(
        self, text: str, voice: str, *, speed: float, pitch: float, volume: float
    ) -> tuple[bytes, list[tuple[int, float]]]:
        """Speak one text.

        Args:
            text: plain text of any length.
            voice: one of espeak-ng's names, such as "en-us+f3".
            speed: in parts of the normal pace.
            pitch: -50 to 50.
            volume: 0 to 1.

        Returns:
            Samples of 16 bits, and for each word its place in the text and the second in which it starts.

        """
        library = self.start()
        tape = _Tape()
        heard = _Heard(tape.hear)
        script = text.replace("\0", " ").encode(errors="replace") + b"\0"
        with self._lock:
            library.espeak_SetVoiceByName(voice.encode())
            library.espeak_SetParameter(_RATE, round(_WORDS_A_MINUTE * speed), 0)
            library.espeak_SetParameter(_PITCH, round(_MIDDLE_PITCH + pitch), 0)
            library.espeak_SetParameter(_VOLUME, round(100 * volume), 0)
            library.espeak_SetSynthCallback(heard)
            library.espeak_Synth(
                script, c_size_t(len(script)), c_uint(0), c_int(_AT_CHARACTER), c_uint(0), c_uint(_UTF8), None, None
            )
        return bytes(tape.samples), tape.words


def _languages(library: ctypes.CDLL) -> dict[str, str]:
    """Return the tags of all voices, by tag, by primary tag and by name; the first of several wins."""
    library.espeak_ListVoices.restype = POINTER(POINTER(_Voice))
    listed = library.espeak_ListVoices(None)
    tags: dict[str, str] = {}
    place = 0
    while listed[place]:
        voice = listed[place].contents
        # A priority byte goes before the text of the language.
        tag = ctypes.string_at(voice.languages + 1).decode()
        name = voice.name.decode().lower()
        for called in (tag, tag.partition("-")[0], name, name.partition(" (")[0]):
            tags.setdefault(called, tag)
        place += 1
    return tags
