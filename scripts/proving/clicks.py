"""`scripts/cascade clicks`: click events into judgements.

People click what stands high. Four ways from what was shown and clicked to how relevant it is:

  rate   clicks a showing, as they are
  coec   clicks over those that are expected at the positions where it was shown
  pbm    the position-based model, by EM: P(click) = P(seen at the position) × P(liked)
  ipw    clicks weighted by 1 / P(seen), of the model before, at most 1 / --clip

Events are in the User Behavior Insights schema (--events, JSON lines: queries, impressions with positions,
clicks, dwell) or CSV (--sessions: sess_id, query, rank, clicked_doc_id, clicked). A click with a dwell below
--short-dwell is none. Malformed, duplicate, late and robot-like events are set aside in set-aside.jsonl.

Written to --out: judgements.tsv with all four, queries.tsv and qrels.txt with the --model of your choice,
which `train` and `evaluate` read, positions.png. --compare holds all four against what is free of position:
where places were swapped at random, a document's clicks away from its usual place, over those of all that
were swapped to the same places. Half of the sessions make the judgements, the other half that truth.

  scripts/cascade clicks --events ubi.ndjson.gz --out target/prove/clicks
  scripts/cascade clicks --sessions retrotech/sessions/*.gz --compare --out target/prove/retrotech
"""

import json
import zlib
from collections import Counter, defaultdict

import numpy as np
from scipy.stats import kendalltau

from training import metrics

from . import evaluate, events
from .mistake import Mistake
from .record import Record

# EM creeps towards the end.
MOST_ROUNDS, STILL = 5000, 1e-6
# So many showings at the mean rate are added to each document: one click of one showing proves little.
PRIOR = 4.0
MODELS = ("rate", "coec", "pbm", "ipw")


def arguments(parser):
    add = parser.add_argument
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--events", nargs="+", metavar="FILE", help="JSON lines, gzipped or not")
    source.add_argument("--sessions", nargs="+", metavar="FILE", help="CSV, gzipped or not")
    add("--model", choices=MODELS, default="pbm", help="whose judgements qrels.txt has (pbm)")
    add("--short-dwell", type=float, default=10, help="seconds; a shorter visit is no satisfaction (10)")
    add("--late", type=float, default=1800, help="seconds after its page that a click may come (1800)")
    add("--robot-clicks", type=int, default=30, help="clicks a minute that no person makes (30)")
    add("--clip", type=float, default=0.1, help="the least P(seen) that ipw reckons with (0.1)")
    add("--least-shown", type=int, default=5, help="documents shown less often get no judgement (5)")
    add("--compare", action="store_true", help="with --sessions of randomly swapped places")
    add("--out", required=True, metavar="DIR")


def main(options):
    record = Record(options, options.events or options.sessions)
    limits = events.Limits(options.short_dwell, options.late, options.robot_clicks)
    log = events.read(options.events, limits) if options.events else events.sessions(options.sessions)
    write_aside(record.file("set-aside.jsonl"), log)
    if not log.shown:
        raise Mistake("--events, --sessions: must have impressions; see set-aside.jsonl for what was found")
    counts = Counts(log.shown)
    judgements, seen = judged(counts, options)
    write(record, options, counts, judgements)
    draw(record.file("positions.png"), counts, seen)
    results = {
        "lines": log.lines,
        "shown": len(log.shown),
        "clicked": sum(one.clicked for one in log.shown),
        "satisfied": sum(one.satisfied for one in log.shown),
        "shortDwell": log.short,
        "setAside": log.reasons(),
        "otherActions": dict(log.others),
        "seen": dict(zip(counts.positions.tolist(), np.round(seen, 4).tolist())),
    }
    record.add(**results)
    print(
        f"{results['lines']} lines: {results['shown']} documents shown, {results['clicked']} clicked, "
        f"{results['satisfied']} of them for long enough"
    )
    for reason, number in [*log.reasons().items(), *((f"not used: {a}", n) for a, n in log.others.items())]:
        print(f"  {number:6} {reason}")
    if options.compare:
        record.add(agreement=compare(record, log.shown, options))


def write_aside(path, log):
    with open(path, "w", encoding="utf-8") as out:
        for entry in log.aside:
            out.write(json.dumps(entry, default=str) + "\n")


class Counts:
    """Showings and clicks by pair of query and document, and position."""

    def __init__(self, shown):
        self.pairs = sorted({(one.query, one.document) for one in shown})
        self.positions = np.array(sorted({one.position for one in shown}))
        row = {pair: i for i, pair in enumerate(self.pairs)}
        column = {position: i for i, position in enumerate(self.positions.tolist())}
        self.shown = np.zeros((len(self.pairs), len(self.positions)))
        self.clicked = np.zeros_like(self.shown)
        for one in shown:
            at = row[one.query, one.document], column[one.position]
            self.shown[at] += 1
            self.clicked[at] += one.satisfied


def judged(counts, options):
    """Each model's judgement of each pair, and how likely each position is seen (the first one: 1)."""
    shown, clicked = counts.shown, counts.clicked
    mean = clicked.sum() / shown.sum()
    at_position = clicked.sum(0) / shown.sum(0)
    expected = (shown * at_position).sum(1)
    seen, liked = position_based(shown, clicked)
    weight = 1 / np.maximum(seen, options.clip)
    weighted_mean = (clicked * weight).sum() / shown.sum()
    total = shown.sum(1)
    return {
        "rate": (clicked.sum(1) + PRIOR * mean) / (total + PRIOR),
        "coec": (clicked.sum(1) + PRIOR * mean) / (expected + PRIOR * mean),
        "pbm": liked,
        "ipw": ((clicked * weight).sum(1) + PRIOR * weighted_mean) / (total + PRIOR),
    }, seen


def position_based(shown, clicked):
    """P(seen) by position and P(liked) by pair.

    Craswell et al., An Experimental Comparison of Click Position-Bias Models (2008); the EM as in
    Chuklin, Markov and de Rijke, Click Models for Web Search (2015). Scaled so that the most seen
    position has 1, which only such logs determine as show documents at several positions.
    """
    seen = np.linspace(0.9, 0.5, shown.shape[1])
    liked = np.full(shown.shape[0], 0.5)
    mean = np.clip(clicked.sum() / shown.sum(), 1e-4, 0.5)
    skipped = shown - clicked
    for _ in range(MOST_ROUNDS):
        before = seen
        both = np.outer(liked, seen)
        neither = np.maximum(1 - both, 1e-9)
        was_seen = clicked + skipped * (seen * (1 - liked[:, None])) / neither
        was_liked = clicked + skipped * (liked[:, None] * (1 - seen)) / neither
        seen = was_seen.sum(0) / shown.sum(0)
        liked = (was_liked.sum(1) + PRIOR * mean) / (shown.sum(1) + PRIOR)
        scale = seen.max()
        seen, liked = seen / scale, np.minimum(liked * scale, 1)
        if np.abs(seen - before).max() < STILL:
            break
    return seen, liked


def write(record, options, counts, judgements):
    texts = list(dict.fromkeys(query for query, _ in counts.pairs))
    ids = {text: f"c{zlib.crc32(text.encode()):08x}" for text in texts}
    if len(set(ids.values())) < len(ids):
        raise Mistake("queries.tsv: two queries have one id")
    record.file("queries.tsv").write_text(
        "".join(f"{ids[text]}\t{text}\n" for text in texts), encoding="utf-8"
    )
    total = counts.shown.sum(1)
    with (
        open(record.file("judgements.tsv"), "w", encoding="utf-8") as table,
        open(record.file("qrels.txt"), "w", encoding="utf-8") as qrels,
    ):
        table.write("\t".join(["query", "document", "shown", "clicked", *MODELS]) + "\n")
        for i, (text, document) in enumerate(counts.pairs):
            values = [f"{judgements[model][i]:.5f}" for model in MODELS]
            row = [text, document, f"{total[i]:g}", f"{counts.clicked[i].sum():g}", *values]
            table.write("\t".join(row) + "\n")
            if total[i] >= options.least_shown:
                qrels.write(f"{ids[text]} 0 {document} {judgements[options.model][i]:.5f}\n")


def compare(record, shown, options):
    """Kendall's tau of each model's judgements with the truth, a query at a time."""
    halves = by_halves(shown)
    truth = free_of_position(halves[1])
    counts = Counts(halves[0])
    judgements, _ = judged(counts, options)
    row = {pair: i for i, pair in enumerate(counts.pairs)}
    taus = {model: [] for model in MODELS}
    queries = sorted({query for query, _ in truth})
    for query in queries:
        pairs = [pair for pair in truth if pair[0] == query and pair in row]
        for model in MODELS:
            own = [judgements[model][row[pair]] for pair in pairs]
            taus[model].append(kendalltau(own, [truth[pair] for pair in pairs]).statistic)
    print(f"Kendall's tau with what is free of position, {len(queries)} queries, {len(truth)} documents:")
    found = {}
    for model in MODELS:
        gap = np.subtract(taus[model], taus["rate"])
        found[model] = {"tau": metrics.interval(taus[model]), "minusRate": metrics.interval(gap)}
        line = f"  {model:5} {evaluate.interval(found[model]['tau'], '')}"
        print(line + ("" if model == "rate" else f"  {evaluate.interval(found[model]['minusRate'], '+')}"))
    return {"queries": dict(zip(queries, zip(*taus.values()))), "models": found, "documents": len(truth)}


def by_halves(shown):
    """Whole pages go to one half or the other, in turn; a page begins where positions begin anew."""
    halves, page, last = ([], []), -1, None
    for one in shown:
        if last is None or one.position <= last.position or one.query != last.query:
            page += 1
        halves[page % 2].append(one)
        last = one
    return halves


def free_of_position(shown):
    """Clicks over expected clicks of documents away from their usual place.

    Places are swapped at random, so whoever stands at one by a swap is a fair sample of all documents:
    the mean rate of those is what is expected there, whatever is usually shown there.
    """
    places = defaultdict(Counter)
    for one in shown:
        places[one.query, one.document][one.position] += 1
    usual = {pair: of.most_common(1)[0][0] for pair, of in places.items()}
    swapped = [one for one in shown if one.position != usual[one.query, one.document]]
    if not swapped:
        raise Mistake("--compare: documents must stand at several places")
    at, clicks = Counter(), Counter()
    for one in swapped:
        at[one.query, one.position] += 1
        clicks[one.query, one.position] += one.satisfied
    expected, clicked = Counter(), Counter()
    for one in swapped:
        place = one.query, one.position
        expected[one.query, one.document] += clicks[place] / at[place]
        clicked[one.query, one.document] += one.satisfied
    return {pair: clicked[pair] / expected[pair] for pair in expected if expected[pair] > 0}


def draw(path, counts, seen):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 3.5))
    rate = counts.clicked.sum(0) / counts.shown.sum(0)
    axes.plot(counts.positions, rate / rate.max(), "o-", label="clicks a showing, the most: 1")
    axes.plot(counts.positions, seen, "s-", label="seen, by the position-based model")
    axes.set_xlabel("position")
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
