"""Cut Japanese text into words with Sudachi and keep those that carry meaning."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import jaconv
import sudachipy

from knowledge.text import fold_kana

MAX_CHARS = 12_000
"""Sudachi refuses more than 49,149 bytes at once; a letter takes at most four."""

_CONTENT_POS = frozenset({"名詞", "動詞", "形容詞", "形状詞", "接頭辞", "接尾辞"})

STOP_WORDS = frozenset(
    fold_kana(word)
    for word in """
    する 為る 有る ある 居る いる おる 成る なる 出来る できる 行く 来る 言う 思う 見る 遣る やる
    事 こと 物 もの 所 ところ 為 ため 時 とき 方 ほう 訳 様 よう 何 なに 何処 どこ 何時 いつ
    誰 だれ どれ どう 教える 知る 聞く 下さる くださる 願う 御 お ご 良い よい 欲しい ほしい 貰う もらう
    呉れる くれる 頂く いただく 致す 御座る 分かる 市 長崎 長崎市 中 内 場合 方法 さん 様 達 等 件
    しまう 仕舞う おく 置く 付く 於く 因る 依る 対する 関する 就く 無い ない 在る 迄 的 今 それ これ あれ
    """.split()
)
"""Words that any citizen's question may hold: they say nothing about which service is meant."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word: as written, as Sudachi normalises it (kana folded), and its reading in hiragana."""

    surface: str
    norm: str
    reading: str
    is_content: bool


class Tokenizer:
    """Sudachi, safe to share between threads: the dictionary is shared, the tokenizer is not."""

    def __init__(self) -> None:
        self._dictionary = sudachipy.Dictionary(dict="small")
        self._local = threading.local()
        self._cached = lru_cache(maxsize=512)(self._tokenize)

    def tokens(self, text: str) -> tuple[Token, ...]:
        """All words of a normalised text, in order."""
        return self._cached(text)

    def forget(self) -> None:
        """Let go of remembered texts, such as the long ones an index was built from."""
        self._cached.cache_clear()

    def content_words(self, text: str) -> list[str]:
        """The normalised forms of the words that carry meaning, in order."""
        return [token.norm for token in self.tokens(text) if token.is_content]

    def reading(self, text: str) -> str:
        """The whole text in hiragana."""
        return "".join(token.reading for token in self.tokens(text))

    def _tokenize(self, text: str) -> tuple[Token, ...]:
        return tuple(self._cut(text))

    def _cut(self, text: str) -> Iterator[Token]:
        for morpheme in self._morphemes(text):
            surface = morpheme.surface()
            if not surface.isspace():
                form, kind = morpheme.normalized_form(), morpheme.part_of_speech()[0]
                yield _token(surface, form, morpheme.reading_form(), kind)

    def _morphemes(self, text: str) -> Iterator[sudachipy.Morpheme]:
        for start in range(0, len(text), MAX_CHARS):
            piece = text[start : start + MAX_CHARS]
            yield from self._sudachi().tokenize(piece, sudachipy.SplitMode.A)

    def _sudachi(self) -> sudachipy.Tokenizer:
        if not hasattr(self._local, "tokenizer"):
            self._local.tokenizer = self._dictionary.tokenizer()
        tokenizer: sudachipy.Tokenizer = self._local.tokenizer
        return tokenizer


@lru_cache(maxsize=8192)
def _token(surface: str, form: str, reading: str, part_of_speech: str) -> Token:
    """Texts say the same words again and again: remembered, an index is built a quarter sooner."""
    norm = fold_kana(form.lower())
    return Token(
        surface=surface,
        norm=norm,
        reading=_reading(surface, reading),
        is_content=part_of_speech in _CONTENT_POS and norm not in STOP_WORDS,
    )


def _reading(surface: str, reading: str) -> str:
    """Kana is its own reading: Sudachi gives キゴウ for marks and guesses for unknown words."""
    folded = fold_kana(surface)
    if all("ぁ" <= character <= "ゖ" or character == "ー" for character in folded):
        return folded
    hiragana: str = jaconv.kata2hira(reading)
    return hiragana if hiragana != "きごう" else folded
