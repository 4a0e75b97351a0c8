"""Queries made from a catalogue, to widen what the few real ones cover. The same seed gives the same.

Three kinds: a span of the title's words; the brand with the last words before the title's first
break, where English product titles have their head noun; and a sentence of the description, which
stands for longer, more general text. Short ones, of one or two words, are a kind apart: half of what
is asked in a shop is so short, and hardly any title's span is.
"""

import random
import re

WORD = re.compile(r"[\w'&./-]+")
BREAK = re.compile(r"\s[-–|(]|[,;:(|]|\swith\s|\sfor\s")
SENTENCE = re.compile(r"[^.!?\n]{30,140}[.!?\n]")


def made(documents, count, seed):
    """`count` queries by id, and the document that each was made from."""
    return drawn(
        documents, count, seed, "made", lambda rng: rng.choices((span, head, sentence), (5, 3, 2))[0]
    )


def made_short(documents, count, seed):
    """The same, of one or two words each."""
    return drawn(documents, count, seed, "short", lambda rng: short)


def drawn(documents, count, seed, prefix, kind):
    rng = random.Random(seed)
    queries, sources, seen = {}, {}, set()
    for _ in range(20 * count):
        if len(queries) == count:
            break
        position = rng.randrange(len(documents))
        text = kind(rng)(documents[position], rng)
        if text and text.lower() not in seen:
            seen.add(text.lower())
            id_ = f"{prefix}{len(queries)}"
            queries[id_], sources[id_] = text, position
    return queries, sources


def span(document, rng):
    words = WORD.findall(document.title)
    length = rng.randint(1, 5)
    if len(words) < 2:
        return None
    start = rng.randrange(max(1, min(len(words), 12) - length))
    return words_as_typed(words[start : start + length], rng)


def head(document, rng):
    words = WORD.findall(BREAK.split(document.title)[0])
    if not words:
        return None
    tail = words[-rng.randint(1, 3) :]
    brand = document.brand.split()[:2] if rng.random() < 0.5 else []
    return words_as_typed(brand + [w for w in tail if w not in brand], rng)


def short(document, rng):
    """The head noun, with the word before it or without, or any word of letters in the title."""
    words = [w for w in WORD.findall(BREAK.split(document.title)[0]) if w.isalpha() and len(w) > 2]
    if not words:
        return None
    length = rng.randint(1, 2)
    start = len(words) - length if rng.random() < 0.7 else rng.randrange(len(words))
    return " ".join(words[max(0, start) :][:length]).lower()


def words_as_typed(words, rng):
    text = " ".join(words)
    return text if rng.random() < 0.1 else text.lower()


def sentence(document, rng):
    found = SENTENCE.findall(document.text)
    return rng.choice(found).strip(" .!?\n-•*") if found else None
