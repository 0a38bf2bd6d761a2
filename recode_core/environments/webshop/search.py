"""The search: BM25 over the products' texts, analysed like English in Lucene.

Words are those of Unicode's annex 29 (letters are joined by `'`, `.` and `:`, digits by `.` and `,`), without
possessives and stop words, with Porter's stemmer. k1 and b are those of Pyserini, which WebShop uses.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

MOST = 50
"""The maximum number of products that a search returns."""
_K1, _B = 0.9, 0.4
_WORD = re.compile(r"\w+(?:(?:(?<=[^\W\d_])['\u2019.:·](?=[^\W\d_])|(?<=\d)['\u2019.,;](?=\d))\w+)*")
_POSSESSIVE = re.compile(r"['\u2019]s$")
_STOP_WORDS = (
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these "
    "they this to was will with"
)


class Index:
    """A search index. `search` returns the numbers of the products that match some words."""

    def __init__(self, scorer: Any) -> None:
        self._scorer = scorer
        self._analyse = analyser()
        self.search: Callable[[str], tuple[int, ...]] = lru_cache(maxsize=1024)(self._search)

    def save(self, folder: Path) -> None:
        """Save the index in a folder."""
        self._scorer.save(str(folder), show_progress=False)

    def _search(self, words: str) -> tuple[int, ...]:
        """At most `MOST` product numbers by descending score, equal scores in file order."""
        import numpy

        tokens = self._scorer.get_tokens_ids(self._analyse(words))
        if not tokens:
            return ()
        scores = self._scorer.get_scores_from_ids(tokens)
        found = numpy.flatnonzero(scores > 0)
        best = found[numpy.argsort(-scores[found], kind="stable")][:MOST]
        return tuple(int(number) for number in best)


def build(documents: Iterable[str]) -> Index:
    """Index texts, numbered from 0 in their order."""
    import bm25s

    analyse = analyser()
    vocabulary: dict[str, int] = {}
    texts = [
        array("i", [vocabulary.setdefault(token, len(vocabulary)) for token in analyse(document)])
        for document in documents
    ]
    scorer = bm25s.BM25(method="lucene", k1=_K1, b=_B)
    scorer.index((texts, vocabulary), create_empty_token=False, show_progress=False)
    return Index(scorer)


def load(folder: Path) -> Index:
    """Load a saved index as a memory map, of which only the needed parts are read."""
    import bm25s

    return Index(bm25s.BM25.load(str(folder), mmap=True, show_progress=False))


def analyser() -> Callable[[str], list[str]]:
    """The function that splits a text into stems."""
    import Stemmer

    stop_words = frozenset(_STOP_WORDS.split())
    stem = Stemmer.Stemmer("porter").stemWord

    @lru_cache(maxsize=1 << 17)
    def term(word: str) -> str:
        word = _POSSESSIVE.sub("", word)
        if word in stop_words:
            return ""
        # Lucene, like Porter, doesn't stem words of two letters; Snowball does.
        stemmed: str = stem(word) if len(word) > 2 else word
        return stemmed

    return lambda text: [found for word in _WORD.findall(text.lower()) if (found := term(word))]
