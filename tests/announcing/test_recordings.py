"""Each announcement, decoded: its recordings sample for sample, in their order, for every number and counter."""

import json
import subprocess
import sys
import threading
from array import array
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from desk.announcing import spoken_names
from desk.announcing.recipes import recipes
from desk.announcing.shelf import SHIPPED, Shelf, length_of
from desk.announcing.speaking import NoSpeaker, Saying, SpeakerFailed, Unspeakable, speak
from desk.announcing.wave_files import RATE, UnfitRecording, compress, read, write, write_small
from desk.domain.announcing import LANGUAGES, Counter, Piece, announcement, number_pieces, spoken_words, trial

CASES = Path(__file__).parents[1] / "domain" / "skm_cases.json"
NUMBERS = {
    0: "zero", 12: "twelve", 19: "nineteen", 20: "twenty", 21: "twenty one", 90: "ninety", 100: "one hundred",
    101: "one hundred and one", 999: "nine hundred and ninety nine", 1204: "one two zero four",
}  # fmt: skip


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("own"))


def decoded(shelf: Shelf, language: str, file: bytes, names: list[tuple[str, int]]) -> bytes:
    """Take the recordings of these names, each with the silence after it, from the front; return what is left."""
    rest = read(file)
    for name, pause in names:
        whole = shelf.samples(language, name) + b"\0" * length_of(pause)
        assert rest[: len(whole)] == whole, (language, name)
        rest = rest[len(whole) :]
    return rest


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_and_every_counter_is_said_by_its_own_recordings(shelf: Shelf, language: str):
    """The names expected here are put together from the digits alone, apart from the rule that is tried."""
    for number in range(1000):
        letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number % 26]
        file = shelf.join(language, announcement(language, f"{letter}{number:03}", Counter(number)))
        signs = [f"letter-{letter.lower()}", *(f"digit-{digit}" for digit in f"{number:03}")]
        pauses = [130, 130, 130, 260]
        head = [("number", 130), *zip(signs, pauses, strict=True), ("go-to-counter", 10)]
        where = expected_counter(language, number)
        assert decoded(shelf, language, file, head + where) == b""


def expected_counter(language: str, number: int) -> list[tuple[str, int]]:
    hundreds, tens, units = (int(digit) for digit in f"{number:03}")
    names = [] if not hundreds else ["100"] if hundreds == 1 else [f"digit-{hundreds}", "hundred"]
    if language == "en" and hundreds and number % 100:
        names.append("and")
    if number % 100 < (12 if language == "id" else 20) or (language == "id" and tens == 1):
        names += [str(number % 100)] if number % 100 or not hundreds else []
    else:
        names += [f"digit-{tens}", "puluh"] if language == "id" else [f"{tens}0"]
        names += [str(units)] if units else []
    return [*((name, 10) for name in names[:-1]), (f"{names[-1]}-end", 0)]


def test_what_is_said_is_what_is_published():
    vectors = json.loads(CASES.read_text())["test_vectors"]
    for case in vectors["announcement"]:
        assert spoken_words(announcement("id", case["ticket"], Counter(case["counter"]))) == case["text"]
    for number, words in vectors["indonesian_numbers"].items():
        if int(number) < 1000:
            assert " ".join(piece.words for piece in number_pieces("id", int(number))) == words
    for number, words in NUMBERS.items():
        assert " ".join(piece.words for piece in number_pieces("en", number)) == words


def test_the_short_form_and_a_name_of_its_own():
    short = announcement("en", "B012", Counter(11), is_short=True)
    assert spoken_words(short) == "B, zero, one, two, counter eleven"
    named = announcement("id", "A001", Counter(5, "name-x", "Meja Informasi"))
    assert spoken_words(named) == "Nomor antrean A, nol, nol, satu, silakan menuju Meja Informasi"
    assert spoken_words(trial("en")) == "This is a trial. Nobody is called."
    for language, label in (("fr", "A001"), ("id", "a001"), ("id", "A"), ("id", "A1\n")):
        with pytest.raises(ValueError, match="nothing to say"):
            announcement(language, label, Counter(1))


def test_every_recording_ships_is_as_loud_as_the_others_and_ends_softly(shelf: Shelf):
    wanted = recipes()
    there = {(path.parent.name, path.stem) for path in SHIPPED.rglob("*.wav")}
    assert there == wanted.keys()
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*.wav")) < 1_400_000
    for language, name in wanted:
        samples = array("h")
        samples.frombytes(shelf.samples(language, name))
        assert 0.2 * RATE < len(samples) < 4 * RATE
        assert max(map(abs, samples)) < 30_000
        assert max(abs(each) for end in (samples[:8], samples[-8:]) for each in end) < 400, name
        loud = sorted(sum(each * each for each in samples[at : at + 320]) / 320 for at in range(0, len(samples), 320))
        loudest = (sum(loud[-8:]) / 8) ** 0.5 / 32_768
        assert 0.1 < loudest < 0.3, name


def test_the_voice_that_comes_with_the_desk_says_both_languages():
    words = [Saying("id", "Layanan apa yang Anda perlukan?"), Saying("en", "Which service do you need?")]
    spoken = speak([*words, words[0]])
    assert abs(len(spoken[0]) - len(spoken[2])) < RATE // 10, "in the same voice, whatever was said between"
    assert spoken[0] != spoken[1]
    for samples in spoken:
        heard = array("h")
        heard.frombytes(samples)
        loudness = (sum(each * each for each in heard) / len(heard)) ** 0.5 / 32_768
        assert 1 < len(heard) / RATE < 5
        assert 0.03 < loudness < 0.3


def test_files_are_read_as_they_were_written():
    samples = array("h", range(-32_000, 32_000, 37)).tobytes()
    assert read(write(samples)) == samples
    small = array("h")
    small.frombytes(read(write_small(samples)))
    original = array("h")
    original.frombytes(samples)
    assert all(abs(one - other) <= max(abs(one) / 16, 8) for one, other in zip(original, small, strict=True))
    assert compress(0) == 0xFF
    stereo = bytearray(write(samples))
    stereo[22] = 2
    for wrong in (b"", b"RIFF", b"RIFF....WAVE", bytes(stereo)):
        with pytest.raises(UnfitRecording):
            read(wrong)


def test_an_office_can_put_its_own_recordings_in_their_place(tmp_path: Path):
    own = tmp_path / "id" / "digit-1.wav"
    own.parent.mkdir()
    own.write_bytes(write(b"\1\0" * 800))
    (tmp_path / "id" / "digit-2.wav").write_bytes(b"no recording")
    shelf = Shelf(tmp_path)
    assert shelf.samples("id", "digit-1") == b"\1\0" * 800
    assert shelf.samples("id", "digit-2") == Shelf(tmp_path / "none").samples("id", "digit-2")
    with pytest.raises(KeyError):
        shelf.join("id", [Piece("digit-x", "")])


def test_the_name_of_a_counter_is_spoken_once_where_there_is_a_synthesiser(tmp_path: Path):
    shelf = Shelf(tmp_path)
    clip = shelf.find_name("id", "Meja Informasi")
    if clip is None:  # none on this machine: the number is said, and nobody looks again
        assert shelf.names.is_mute and list(tmp_path.rglob("*.wav")) == []
        return
    assert len(shelf.samples("id", clip)) > 0.4 * RATE * 2
    assert shelf.find_name("id", "Meja Informasi") == clip
    assert shelf.find_name("id", "…") is None and not shelf.names.is_mute
    assert [path.stem for path in (tmp_path / "id").iterdir()] == [clip]


def test_that_there_is_no_synthesiser_is_found_before_anything_heavy_is_loaded():
    code = "import sys, desk.announcing.speaker; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


class Voice:
    """A synthesiser that says what it is asked; some names it cannot say, and one only once it may."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.begun, self.may = threading.Event(), threading.Event()

    def __call__(self, saying: Saying) -> bytes:
        self.asked.append(saying.words)
        if saying.words == "…":
            raise Unspeakable
        if saying.words == "Lama":
            raise SpeakerFailed("TimeoutExpired")
        if saying.words == "Loket Prioritas":
            self.begun.set()
            assert self.may.wait(20)
        return b"\1\0" * 800


def test_a_name_that_cannot_be_said_concerns_no_other_and_one_being_said_is_not_said_twice(tmp_path: Path, monkeypatch):
    voice = Voice()
    shelf, process_beside = Shelf(tmp_path, voice), Shelf(tmp_path, voice)
    for _ in range(2):
        assert [shelf.find_name("id", name) for name in ("…", "Lama")] == [None, None]
        assert shelf.find_name("id", "Kasir") is not None
    assert voice.asked == ["…", "Lama", "Kasir"] and not shelf.names.is_mute
    monkeypatch.setattr(spoken_names, "AGAIN_S", 0.0)
    Shelf(tmp_path, voice).find_name("id", "Lama")  # what took too long is tried anew

    voice.asked.clear()
    monkeypatch.setattr(spoken_names, "IN_TURN_S", 0.01)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(shelf.find_name, "id", "Loket Prioritas")
        assert voice.begun.wait(20)
        meanwhile = [each.find_name("id", "Loket Prioritas") for each in (shelf, process_beside)]
        assert [*meanwhile, shelf.find_name("en", "Cashier")] == [None, None, None]
        voice.may.set()
        clip = first.result()
    assert clip is not None and process_beside.find_name("id", "Loket Prioritas") == clip
    assert voice.asked == ["Loket Prioritas"]
    assert {path.suffix for path in tmp_path.rglob("*.*")} == {".wav"}


def test_without_a_synthesiser_it_is_looked_for_once(tmp_path: Path):
    def missing(saying: Saying) -> bytes:
        asked.append(saying.words)
        raise NoSpeaker

    asked: list[str] = []
    shelf = Shelf(tmp_path, missing)
    assert [shelf.find_name("id", name) for name in ("Kasir", "Lelang")] == [None, None] and asked == ["Kasir"]
