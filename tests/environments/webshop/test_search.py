from __future__ import annotations

from pathlib import Path

import pytest

from recode_core.environments.webshop import WebShop, shop
from recode_core.environments.webshop import cache as cache_module
from recode_core.environments.webshop.catalogue import Places
from recode_core.environments.webshop.search import analyser, build


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("Running shoes", "run shoe"),
        ("the men's loafers", "men loafer"),
        ("plant-based / soy-free", "plant base soi free"),
        ("8.5 fl oz, 1,000 mAh", "8.5 fl oz 1,000 mah"),
        ("U.S.A. color:red don\u2019t", "u.s.a color:r don\u2019t"),
        ("size: 10.5", "size 10.5"),
        ("the of", ""),
        ("us ds-7204huhi", "us ds 7204huhi"),
    ],
)
def test_words_are_those_that_lucene_makes(text: str, stems: str) -> None:
    assert " ".join(analyser()(text)) == stems


def test_the_best_fit_comes_first_and_what_fits_not_at_all_never() -> None:
    index = build(["garden lamp", "oak garden lamp", "soap", "lamp lamp lamp of oak"])
    assert index.search("oak lamp") == (3, 1, 0)
    assert index.search("oak garden lamp")[0] == 1
    assert index.search("lamp lamp") == index.search("lamp")
    assert index.search("tv") == index.search("") == ()


def test_the_scores_are_those_of_bm25_as_lucene_counts_it() -> None:
    scorer = build(["oak lamp", "oak oak table chair"])._scorer
    scores = scorer.get_scores_from_ids(scorer.get_tokens_ids(["oak"]))
    idf, k1, b, mean = 0.1823215, 0.9, 0.4, 3
    assert scores == pytest.approx(
        [idf * tf / (tf + k1 * (1 - b + b * length / mean)) for tf, length in ((1, 2), (2, 4))], rel=1e-4
    )


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where large files are remembered, and every file is a large one."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(cache_module, "LARGE", 0)
    shop._shop_of.cache_clear()
    return tmp_path / "cache" / "recode" / "webshop"


def opened() -> list[str]:
    """What a search finds in a shop that is opened anew."""
    shop._shop_of.cache_clear()
    world = WebShop().open("human:0")
    world.reset()
    return [
        world.step(action).text for action in ("search[new garden lamp]", "click[B000000001]", "search[soap]")
    ]


def test_a_large_file_is_searched_through_once(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = opened()
    assert len(list(cache.glob("*/kept-*/places.msgpack"))) == 1
    monkeypatch.setattr(shop, "scan", lambda path, places: pytest.fail("it is read again"))
    assert opened() == first
    assert len(list(WebShop().tasks())) == 5


def test_what_is_kept_of_a_file_goes_when_the_file_changes(folder: Path, cache: Path) -> None:
    opened()
    file = folder / "items_shuffle.json"
    file.write_text(file.read_text().replace("Oak Garden Lamp", "Elm Garden Lamp"))
    assert "Elm Garden Lamp" in opened()[1]
    assert len(list(cache.glob("*/*"))) == 1


def test_what_is_kept_and_damaged_is_made_again(folder: Path, cache: Path) -> None:
    first = opened()
    for file in cache.glob("*/kept-*/*"):
        file.write_bytes(b"x")
    assert opened() == first
    for file in cache.glob("*/kept-*/*.json"):
        file.unlink()
    assert opened() == first


def test_a_cache_that_cannot_be_written_is_done_without(folder: Path, cache: Path) -> None:
    cache.parent.parent.write_text("a file is in the way")
    assert "Oak Garden Lamp" in opened()[0]


def test_a_small_file_leaves_nothing_behind(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "LARGE", 64_000_000)
    opened()
    assert not cache.exists()


def test_places_are_kept_whole(cache: Path) -> None:
    places = Places(["B1", "B2"])
    for numbers in (places.starts, places.lengths, places.combinations):
        numbers.extend([1 << 40, 7])
    file = ("products.json", 10, 20)
    cache_module.save(file, places, build(["a lamp", "soap"]))
    found = cache_module.load(file)
    assert found is not None and found[0] == places and found[1].search("soap") == (1,)
    assert cache_module.load(("products.json", 10, 21)) is None
