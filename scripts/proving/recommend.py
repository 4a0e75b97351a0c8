"""`scripts/cascade recommend`: what each stage and depth is worth, and which to take for --budget-ms.

Every cascade of the grid, each --stage at one of its depths or left out, ranks every query once, with no
score from a cache (the query text gets trailing spaces that no model sees). Quality is NDCG@10, time the
milliseconds that the stages added, as Solr tells them. One half of the queries, drawn by --seed, chooses;
the pick runs again on the other half, and its promises are held against what comes out there.

The pick: of the cascades whose p95 stays within the budget (the upper end of its interval), the quickest
that loses at most --tolerance of the best NDCG@10; then without the stages that do nothing for it.

Written to --out: measured.jsonl (a line a search; started again, it goes on there), recommend.json,
front.png, report.html and cascade.xml, to paste into solrconfig.xml.

  scripts/cascade recommend --solr http://localhost:8983/solr/esci --queries esci/queries.tsv \\
      --qrels esci/qrels.txt --stage lexical:50,200 --stage semantic:50,100 --stage 'deep|trained:10,20,50' \\
      --budget-ms 60 --out target/prove/recommend
"""

import html
import itertools
import json

import numpy as np
from tqdm import tqdm

from training import data, metrics

from . import evaluate, log
from . import solr as over_http
from .mistake import Mistake
from .record import Record

ROUNDS = 4000
WARM_UP = 3
PADDINGS = 200


def arguments(parser):
    add = parser.add_argument
    over_http.arguments(parser)
    add("--queries", required=True, help="id, tab, text")
    add("--qrels", required=True, help="TREC judgements; grades are gains")
    add(
        "--stage",
        action="append",
        required=True,
        metavar="MODEL[|MODEL…]:DEPTH,…",
        help="a stage: the models to try in it and their depths; repeatable, in order",
    )
    add("--budget-ms", type=float, required=True, help="what the stages may take at p95")
    add("--tolerance", type=float, default=0.01, help="the share of NDCG@10 to give for time (0.01)")
    add("--name", default="recommended", help="the cascade's name in the XML")
    add("--seed", type=int, default=1)
    add("--out", required=True, metavar="DIR")


def main(options):
    if options.budget_ms < 1:
        raise Mistake(f"--budget-ms: {options.budget_ms}, must be at least 1")
    solr = over_http.Solr.of(options)
    grid = cascades([stage(text) for text in options.stage])
    record = Record(options, [options.queries, options.qrels])
    texts = log.read_queries(options.queries)
    qrels = metrics.judgeable(data.qrels(options.qrels))
    queries = [query for query in texts if query in qrels]
    if len(queries) < 4:
        raise Mistake(f"--qrels: {options.qrels}, must judge at least 4 of --queries")
    choosing, held_out = halves(queries, options.seed)
    measured = measure(solr, grid, texts, choosing, qrels, record.file("measured.jsonl"), options.seed)
    figures = {name: figure(of, options.seed) for name, of in measured.items()}
    pick = choose(measured, figures, grid, options)
    again = measure(
        solr,
        {"": (), pick: grid[pick]},
        texts,
        held_out,
        qrels,
        record.file("held-out.jsonl"),
        options.seed,
    )
    proof = held_against(measured, again, pick, options)
    sentences = judged(measured, figures, grid, pick, options)
    xml = as_xml(grid[pick], options)
    show(figures, pick, proof, sentences, xml)
    record.file("cascade.xml").write_text(xml)
    draw(record.file("front.png"), figures, pick, options.budget_ms)
    page(record, figures, pick, proof, sentences, xml)
    record.add(figures=figures, pick=pick, heldOut=proof, sentences=sentences)


def stage(text):
    """The choices of one stage: (model, depth) pairs."""
    models, colon, depths = text.rpartition(":")
    try:
        numbers = [int(depth) for depth in depths.split(",")]
    except ValueError:
        numbers = []
    if not colon or not models or not numbers or min(numbers) < 1:
        raise Mistake(f"--stage: {text}, must be MODEL[|MODEL…]:DEPTH,… with depths from 1")
    return [(model, depth) for model in models.split("|") for depth in sorted(numbers)]


def cascades(stages):
    """Each cascade of the grid by its text, the first pass alone, the empty one, first."""
    found = {}
    for chosen in itertools.product(*[[None, *choices] for choices in stages]):
        kept = tuple(choice for choice in chosen if choice)
        depths = [depth for _, depth in kept]
        names = [model for model, _ in kept]
        if depths == sorted(depths, reverse=True) and len(set(names)) == len(names):
            found[text_of(kept)] = kept
    return found


def text_of(stages):
    return ",".join(f"{model}:{depth}" for model, depth in stages)


def shown(name):
    return name or "first pass"


def halves(queries, seed):
    mixed = [queries[i] for i in np.random.default_rng(seed).permutation(len(queries))]
    return sorted(mixed[::2]), sorted(mixed[1::2])


def measure(solr, grid, texts, queries, qrels, path, seed):
    """By cascade and query its NDCG@10 and milliseconds; cascades take turns within a query."""
    found = {name: {} for name in grid}
    for line in log.written(path):
        if line["cascade"] in found:
            found[line["cascade"]][line["query"]] = line
    missing = [(query, name) for query in queries for name in grid if query not in found[name]]
    rng = np.random.default_rng(seed)
    if missing:
        for query, name in [(q, n) for q in queries[:WARM_UP] for n in grid]:
            search(solr, texts[query], name, rng)
    order = sorted(rng.permutation(len(missing)), key=lambda i: queries.index(missing[i][0]))
    with open(path, "a", encoding="utf-8") as out:
        for i in tqdm(order, desc="Measuring", disable=None):
            query, name = missing[i]
            ranked, ms = search(solr, texts[query], name, rng)
            line = {"cascade": name, "query": query, "ms": ms, "ndcg": metrics.ndcg(ranked, qrels[query])}
            found[name][query] = line
            out.write(json.dumps(line) + "\n")
            out.flush()
    return {name: {query: of[query] for query in queries} for name, of in found.items()}


def search(solr, text, cascade, rng):
    """The first ten documents, and the milliseconds that the stages took."""
    fields = {"rows": metrics.CUT, "fl": "id,score"}
    if not cascade:
        answer = solr.search(text, None, **fields)
        return [doc["id"] for doc in answer["response"]["docs"]], 0.0
    # What has spaces behind it is another text to every cache, and the same to every tokenizer.
    padded = text + " " * int(rng.integers(1, PADDINGS)) + "\t" * int(rng.integers(0, PADDINGS))
    rq = f"{{!cascade models='{cascade}' efi.text=$cascadeText cache=false}}"
    answer = solr.search(text, rq, cascadeText=padded, **fields)
    section = answer["cascade"]
    broken = [stage for stage in section["stages"] if stage["outcome"] != "completed"]
    if broken:
        raise Mistake(f"{cascade}, query '{text}': stage {broken[0]['name']} {broken[0]['outcome']}")
    return [doc["id"] for doc in answer["response"]["docs"]], section.get("ms", 0.0)


def figure(of, seed):
    ms = np.array([line["ms"] for line in of.values()])
    drawn = np.random.default_rng(seed).integers(0, len(ms), (ROUNDS, len(ms)))
    p95s = np.percentile(ms[drawn], 95, axis=1)
    return {
        "ndcg": metrics.interval([line["ndcg"] for line in of.values()], seed),
        "p50": float(np.median(ms)),
        "p95": float(np.percentile(ms, 95)),
        "p95Interval": [float(x) for x in np.percentile(p95s, [2.5, 97.5])],
        "mean": float(ms.mean()),
    }


def choose(measured, figures, grid, options):
    fits = [name for name, found in figures.items() if found["p95Interval"][1] <= options.budget_ms]
    best = max(figures[name]["ndcg"][0] for name in fits)
    enough = [name for name in fits if figures[name]["ndcg"][0] >= best * (1 - options.tolerance)]
    return leaner(
        min(enough, key=lambda name: (figures[name]["mean"], name)), enough, measured, grid, options
    )


def leaner(pick, enough, measured, grid, options):
    """Without the stages that neither are needed nor are shown to save time."""
    for choice in grid[pick]:
        without = text_of([other for other in grid[pick] if other != choice])
        if without in enough and not is_slower(without, pick, measured, options.seed):
            return leaner(without, enough, measured, grid, options)
    return pick


def is_slower(one, other, measured, seed):
    more = [measured[one][query]["ms"] - line["ms"] for query, line in measured[other].items()]
    return metrics.interval(more, seed)[1] > 0


def gaps(measured, one, other):
    return [measured[one][query]["ndcg"] - line["ndcg"] for query, line in measured[other].items()]


def promised(values, further, seed):
    """Where the mean of so many further queries lies in 95 of 100 cases, if they are like these."""
    values = np.asarray(values, float)
    rng = np.random.default_rng(seed)
    own = values[rng.integers(0, len(values), (ROUNDS, len(values)))].mean(1)
    others = values[rng.integers(0, len(values), (ROUNDS, further))].mean(1)
    low, high = np.percentile(own + others - values.mean(), [2.5, 97.5])
    return [float(values.mean()), float(low), float(high)]


def held_against(measured, again, pick, options):
    """The pick's promises, and what it did on the queries that did not choose it."""
    figure_again = figure(again[pick], options.seed)
    promise = promised(gaps(measured, pick, ""), len(again[pick]), options.seed)
    gain = float(np.mean(gaps(again, pick, "")))
    return {
        "queries": len(again[pick]),
        "promisedGain": promise,
        "gain": gain,
        "withinPromise": promise[1] <= gain <= promise[2],
        "p50": figure_again["p50"],
        "p95": figure_again["p95"],
        "withinBudget": figure_again["p95"] <= options.budget_ms,
    }


def judged(measured, figures, grid, pick, options):
    """A sentence for each stage of the pick, and for each step beyond it."""
    sentences = []
    for model, depth in grid[pick]:
        without = text_of([other for other in grid[pick] if other != (model, depth)])
        what = f"the stage {model} on {depth} documents"
        sentences.append(sentence(what, measured, figures, pick, without, options, "keep it"))
    for name, stages in grid.items():
        step = one_step(grid[pick], stages)
        if step:
            sentences.append(sentence(step, measured, figures, name, pick, options, "it may be worth it"))
    return sentences


def one_step(pick, stages):
    """What is more in these stages than in the pick, if it is one thing only; else nothing."""
    have, wanted = dict(pick), dict(stages)
    added = [model for model in wanted if model not in have]
    if set(have) - set(wanted) or len(added) > 1:
        return None
    changed = [model for model in have if wanted[model] != have[model]]
    if added and not changed:
        return f"the stage {added[0]} on {wanted[added[0]]} documents"
    if not added and len(changed) == 1 and wanted[changed[0]] > have[changed[0]]:
        return f"{changed[0]} beyond {have[changed[0]]} documents, to {wanted[changed[0]]},"
    return None


def sentence(what, measured, figures, more, less, options, verdict):
    mean, low, high = metrics.interval(gaps(measured, more, less), options.seed)
    ms = figures[more]["p50"] - figures[less]["p50"]
    p95 = figures[more]["p95"] - figures[less]["p95"]
    if low <= 0 and p95 < 0:
        verdict = "no gain is shown, and no cost"
    elif low <= 0:
        verdict = "no gain is shown: leave it out"
    elif figures[more]["p95Interval"][1] > options.budget_ms:
        verdict = "a gain, but beyond the budget"
    return (
        f"{what} adds {mean:.4f} [{low:.4f}, {high:.4f}] NDCG@10 for {ms:.1f} ms (p95 {p95:.1f}): {verdict}"
    )


def front(figures):
    """The cascades that no other beats in both NDCG@10 and mean time, quickest first."""
    kept, best = [], -1.0
    for name in sorted(figures, key=lambda name: (figures[name]["mean"], -figures[name]["ndcg"][0])):
        if figures[name]["ndcg"][0] > best:
            kept.append(name)
            best = figures[name]["ndcg"][0]
    return kept


def as_xml(stages, options):
    lines = ['<lst name="cascade">', f'  <str name="name">{html.escape(options.name)}</str>']
    lines.append(f'  <int name="budgetMs">{int(options.budget_ms)}</int>')
    for model, depth in stages:
        lines.append(
            f'  <lst name="stage"><str name="model">{html.escape(model)}</str>'
            f'<int name="reRankDocs">{depth}</int></lst>'
        )
    if not stages:
        return "<!-- No cascade: the first pass alone is within the tolerance of the best. -->\n"
    return "\n".join([*lines, "</lst>"]) + "\n"


def row(name, found):
    mean, low, high = found["ndcg"]
    return [
        shown(name),
        f"{mean:.4f} [{low:.4f}, {high:.4f}]",
        f"{found['p50']:.1f}",
        f"{found['p95']:.1f}",
    ]


def show(figures, pick, proof, sentences, xml):
    print(
        f"{len(figures)} cascades; those that no other beats in both, NDCG@10 and p50, p95 of the added ms, "
        "and the pick:"
    )
    for name in sorted({*front(figures), pick}, key=lambda name: figures[name]["mean"]):
        mark = "→" if name == pick else " "
        print("  {} {:44} {}  {:>7} {:>7}".format(mark, *row(name, figures[name])))
    print(f"\nThe pick: {shown(pick)}")
    for text in sentences:
        print(f"  {text}")
    print()
    for text in proof_lines(proof):
        print(text)
    print(f"\n{xml}", end="")


def proof_lines(proof):
    mean, low, high = proof["promisedGain"]
    within = {True: "within it", False: "OUTSIDE it"}
    return [
        f"On {proof['queries']} queries held out:",
        f"  gain over the first pass {proof['gain']:.4f}; promised {mean:.4f} [{low:.4f}, {high:.4f}]: "
        f"{within[proof['withinPromise']]}",
        f"  p50 {proof['p50']:.1f} ms, p95 {proof['p95']:.1f} ms against the budget: "
        f"{within[proof['withinBudget']]}",
    ]


def draw(path, figures, pick, budget):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(9, 5))
    on_front = front(figures)
    points = {name: (found["p95"], found["ndcg"][0]) for name, found in figures.items()}
    axes.scatter(*zip(*points.values()), s=14, color="#bbb", label="all")
    axes.plot(*zip(*[points[name] for name in on_front]), "o-", color="#26a", label="no other beats it")
    axes.plot(*points[pick], "*", markersize=18, color="#c53", label=f"the pick: {shown(pick)}")
    axes.axvline(budget, linestyle=":", color="black", label=f"budget {budget:g} ms")
    axes.set_xlabel("added ms, p95")
    axes.set_ylabel("NDCG@10")
    axes.legend(loc="lower right")
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def page(record, figures, pick, proof, sentences, xml):
    rows = ["<tr><th>cascade<th>NDCG@10<th>p50 ms<th>p95 ms"]
    for name in sorted(figures, key=lambda name: figures[name]["mean"]):
        mark = " style='font-weight:bold'" if name == pick else ""
        rows.append(f"<tr{mark}>" + "".join(f"<td>{html.escape(cell)}" for cell in row(name, figures[name])))
    body = [
        evaluate.image(record.file("front.png")),
        f"<h2>The pick: {html.escape(shown(pick))}</h2><pre>{html.escape(xml)}</pre>",
        "<ul>" + "".join(f"<li>{html.escape(text)}" for text in sentences) + "</ul>",
        "<p>" + "<br>".join(html.escape(text) for text in proof_lines(proof)),
        "<table>" + "\n".join(rows) + "</table>",
    ]
    evaluate.write_page(record.file("report.html"), "What each stage is worth", "\n".join(body))
