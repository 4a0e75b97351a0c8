"""The first pass: Solr's own, or BM25 over title, text and brand that is close to the demo's edismax.

A term's score is that of its best field plus `tie` times the others', as edismax has it.
"""

import json
import re
import urllib.parse
import urllib.request
from array import array
from collections import Counter

import numpy as np
import Stemmer

WORD = re.compile(r"\w+")
# Lucene's English stop words.
STOP = set(
    "a an and are as at be but by for if in into is it no not of on or such that the their then "
    "there these they this to was will with".split()
)
FIELDS = {"title": 2.0, "text": 1.0, "brand": 2.0}
TIE = 0.3
K1, B = 1.2, 0.75


class Bm25:
    def __init__(self, documents):
        self.stem = Stemmer.Stemmer("porter").stemWord
        self.size = len(documents)
        self.fields = {
            field: self.index([getattr(document, field) for document in documents]) for field in FIELDS
        }

    def terms(self, text):
        return [self.stem(word) for word in WORD.findall(text.lower()) if word not in STOP]

    def index(self, texts):
        """Per term the documents that have it and its weight there."""
        lengths = np.zeros(self.size, np.float32)
        postings = {}
        for i, text in enumerate(texts):
            terms = self.terms(text)
            lengths[i] = len(terms)
            for term, count in Counter(terms).items():
                of = postings.setdefault(term, (array("i"), array("i")))
                of[0].append(i)
                of[1].append(count)
        having = int((lengths > 0).sum())
        norm = K1 * (1 - B + B * lengths * having / max(1.0, lengths.sum()))
        return {term: weighted(*of, norm, having) for term, of in postings.items()}

    def scores(self, query):
        """A score for every document, 0 where no word matches."""
        total = np.zeros(self.size, np.float32)
        for term in self.terms(query):
            best, sum_ = np.zeros(self.size, np.float32), np.zeros(self.size, np.float32)
            for field, boost in FIELDS.items():
                if term in self.fields[field]:
                    found, weights = self.fields[field][term]
                    sum_[found] += boost * weights
                    best[found] = np.maximum(best[found], boost * weights)
            total += best + TIE * (sum_ - best)
        return total

    def top(self, query, count):
        """Positions and scores of the best documents, best first, ties by position."""
        scores = self.scores(query)
        order = np.argsort(-scores, kind="stable")[:count]
        order = order[scores[order] > 0]
        return order, scores[order]


def weighted(found, counts, norm, having):
    found, counts = np.array(found), np.array(counts, np.float32)
    idf = np.log(1 + (having - len(found) + 0.5) / (len(found) + 0.5))
    return found, (idf * counts / (counts + norm[found])).astype(np.float32)


def from_solr(url, queries, count):
    """Document ids by query from a collection's /select handler, without any cascade."""
    ranked = {}
    for id_, text in queries.items():
        parameters = {"q": text, "fl": "id", "rows": count, "wt": "json"}
        address = f"{url.rstrip('/')}/select?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(address, timeout=60) as answer:
            ranked[id_] = [found["id"] for found in json.load(answer)["response"]["docs"]]
    return ranked
