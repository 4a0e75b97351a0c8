"""`scripts/cascade evaluate`: rankings compared on judgements.

Rankings are TREC runs (--run NAME=FILE) or made by Solr (--ranker NAME=RQ, an empty RQ for the first
pass). The first one named is the reference of all others. NDCG@k, MRR, recall@100 and judged@k by
ir-measures, raw and condensed (unjudged documents removed), with 95% intervals by the bootstrap over
queries, paired for differences; p is one-sided: how often a resample shows no gain. Queries without a
relevant document count nowhere; a query that finds nothing counts as 0.

Written to --out: evaluate.json, per-query.tsv, differences.png, report.html, and runs/NAME.run.

  scripts/cascade evaluate --qrels esci/qrels.txt --queries esci/queries.tsv \\
      --solr http://localhost:8983/solr/esci --ranker firstpass= \\
      --ranker 'products={!cascade name=products}' --run trained=linear/heldout.run --out compared
"""

import base64
import html
import warnings
from pathlib import Path

import ir_measures
import numpy as np
from ir_measures import RR, Judged, Qrel, R, ScoredDoc, nDCG
from tqdm import tqdm

from training import data, metrics

from . import log
from . import solr as over_http
from .mistake import Mistake
from .record import Record

SHOWN = 10


def arguments(parser):
    add = parser.add_argument
    over_http.arguments(parser, required=False)
    add("--qrels", required=True, help="TREC judgements; grades are gains")
    add("--queries", help="id, tab, text: for --ranker, and to show texts")
    add(
        "--run", action="append", default=[], metavar="NAME=FILE", help="a ranking in TREC's form; repeatable"
    )
    add("--ranker", action="append", default=[], metavar="NAME=RQ", help="a ranking by Solr; repeatable")
    add("--cut", type=int, default=10, help="the k of NDCG@k and judged@k (10)")
    add("--depth", type=int, default=100, help="documents asked of Solr (100)")
    add("--only", metavar="FILE", help="count only the queries of this file (id, tab, text)")
    add("--seed", type=int, default=1)
    add("--out", required=True, metavar="DIR")


def main(options):
    named = [pair("--run", text) for text in options.run]
    inputs = [options.qrels, options.queries, options.only, *(file for _, file in named)]
    record = Record(options, inputs)
    texts = log.read_queries(options.queries) if options.queries else {}
    qrels = judged(options)
    rankings = {**from_solr(options, texts, qrels, record), **{n: read_run(f) for n, f in named}}
    order = [name for name, _ in in_order(options)]
    if len(rankings) != len(order):
        raise Mistake("--run, --ranker: names must differ")
    values = {name: of_ranking(rankings[name], qrels, options.cut) for name in order}
    figures = summary(values, options.seed)
    show(figures, len(qrels))
    differences(record, values, texts, options)
    record.add(queries=len(qrels), figures=figures)
    per_query(record.file("per-query.tsv"), values)


def pair(option, text):
    name, sign, value = text.partition("=")
    if not name or not sign:
        raise Mistake(f"{option}: {text}, must be NAME=VALUE")
    return name, value


def in_order(options):
    """Solr's rankings, then files'."""
    found = [pair("--ranker", text) for text in options.ranker] + [
        pair("--run", text) for text in options.run
    ]
    if not found:
        raise Mistake("--run, --ranker: at least one must be given")
    return found


def judged(options):
    if not Path(options.qrels).is_file():
        raise Mistake(f"--qrels: {options.qrels}, no such file")
    qrels = metrics.judgeable(data.qrels(options.qrels))
    if options.only:
        kept = log.read_queries(options.only)
        qrels = {query: grades for query, grades in qrels.items() if query in kept}
    if not qrels:
        raise Mistake(f"--qrels: {options.qrels}, must have a grade above 0 for a query")
    return qrels


def read_run(path):
    if not Path(path).is_file():
        raise Mistake(f"--run: {path}, no such file")
    try:
        return data.trec_run(path)
    except ValueError as e:
        raise Mistake(f"--run: {path}, must have lines of: query Q0 document rank score name") from e


def from_solr(options, texts, qrels, record):
    rankers = [pair("--ranker", text) for text in options.ranker]
    if rankers and not (options.solr and texts):
        raise Mistake("--ranker: needs --solr and --queries")
    solr = over_http.Solr.of(options) if rankers else None
    return {name: ranking(solr, rq, name, texts, qrels, options, record) for name, rq in rankers}


def ranking(solr, rq, name, texts, qrels, options, record):
    """Document ids by query; asked of Solr unless an earlier run did."""
    path = record.file("runs") / f"{name}.run"
    if path.is_file():
        return data.trec_run(path)
    found = {}
    for query in tqdm([q for q in texts if q in qrels], desc=name, disable=None):
        answer = solr.search(texts[query], rq or None, rows=options.depth, fl="id,score")
        found[query] = [doc["id"] for doc in answer["response"]["docs"]]
    path.parent.mkdir(exist_ok=True)
    write_run(path, found, name)
    return found


def write_run(path, ranking, name):
    part = path.with_suffix(".part")
    with open(part, "w", encoding="utf-8") as out:
        for query, documents in ranking.items():
            for rank, document in enumerate(documents, 1):
                out.write(f"{query} Q0 {document} {rank} {1 / rank:.6f} {name}\n")
    part.rename(path)


def of_ranking(ranking, qrels, cut):
    """Each measure's value by query."""
    condensed = {q: [d for d in of if d in qrels.get(q, {})] for q, of in ranking.items()}
    raw_measures = {
        nDCG @ cut: f"NDCG@{cut}",
        RR: "MRR",
        R @ 100: "recall@100",
        Judged @ cut: f"judged@{cut}",
    }
    found = measured(ranking, qrels, raw_measures)
    found.update(measured(condensed, qrels, {nDCG @ cut: f"condensed NDCG@{cut}", RR: "condensed MRR"}))
    return found


def measured(ranking, qrels, measures):
    judgements = [Qrel(q, d, int(g)) for q, grades in qrels.items() for d, g in whole(grades).items()]
    run = [
        ScoredDoc(q, document, -float(rank))
        for q, documents in ranking.items()
        if q in qrels
        for rank, document in enumerate(documents)
    ]
    found = {name: dict.fromkeys(qrels, 0.0) for name in measures.values()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for metric in ir_measures.iter_calc(list(measures), judgements, run):
            found[measures[metric.measure]][metric.query_id] = metric.value
    return found


def whole(grades):
    """ir-measures wants whole grades: fractions, as of clicks, times 1000. NDCG does not change."""
    if all(float(grade).is_integer() for grade in grades.values()):
        return grades
    return {document: round(1000 * grade) for document, grade in grades.items()}


def summary(values, seed):
    reference = next(iter(values))
    figures = {}
    for name, by_measure in values.items():
        figures[name] = {}
        for measure, by_query in by_measure.items():
            own = np.array(list(by_query.values()))
            entry = {"mean": metrics.interval(own, seed)}
            if name != reference:
                gap = own - np.array(list(values[reference][measure].values()))
                entry["difference"] = metrics.interval(gap, seed)
                entry["p"] = metrics.p_above(gap, seed)
            figures[name][measure] = entry
    return figures


def show(figures, queries):
    reference = next(iter(figures))
    print(f"{queries} queries; differences are to {reference}, p that there is no gain")
    width = max(len(name) for name in figures)
    for measure in figures[reference]:
        print(measure)
        for name, by_measure in figures.items():
            entry = by_measure[measure]
            line = f"  {name:{width}}  {interval(entry['mean'], '')}"
            if "difference" in entry:
                line += f"  {interval(entry['difference'], '+')}  p {entry['p']:.4f}"
            print(line)


def interval(three, sign):
    return "{:{s}.4f} [{:{s}.4f}, {:{s}.4f}]".format(*three, s=sign)


def differences(record, values, texts, options):
    """The queries that gain and lose most, printed, and drawn for every ranking."""
    reference, *others = values
    measure = f"NDCG@{options.cut}"
    parts = []
    for name in others:
        gaps = {q: values[name][measure][q] - values[reference][measure][q] for q in values[name][measure]}
        ordered = sorted(gaps.items(), key=lambda item: -item[1])
        print(
            f"{name} against {reference}: {sum(g > 0 for g in gaps.values())} queries better, "
            f"{sum(g < 0 for g in gaps.values())} worse"
        )
        best = [item for item in ordered[:SHOWN] if item[1] > 0]
        worst = [item for item in ordered[::-1][:SHOWN] if item[1] < 0]
        for label, items in (("best", best), ("worst", worst)):
            for query, gap in items:
                print(f"  {label:5} {gap:+.3f}  {query}  {texts.get(query, '')}")
        path = record.file(f"differences-{name}.png")
        draw(path, [gap for _, gap in ordered], f"{measure}: {name} − {reference}, a bar a query")
        parts.append((name, path, best, worst))
    if parts:
        report(record.file("report.html"), parts, texts, reference)


def draw(path, gaps, title):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 3))
    axes.bar(range(len(gaps)), gaps, color=["#2a7" if gap >= 0 else "#c53" for gap in gaps], width=1)
    axes.set_title(title)
    axes.set_xticks([])
    axes.axhline(0, color="black", linewidth=0.6)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def report(path, parts, texts, reference):
    body = []
    for name, picture, best, worst in parts:
        body.append(f"<h2>{html.escape(name)} against {html.escape(reference)}</h2>{image(picture)}<table>")
        for query, gap in best + worst[::-1]:
            body.append(
                f"<tr><td>{gap:+.3f}</td><td>{html.escape(query)}</td>"
                f"<td>{html.escape(texts.get(query, ''))}</td></tr>"
            )
        body.append("</table>")
    write_page(path, "Rankings compared", "\n".join(body))


def image(path):
    """A picture inside the page, so that the page is one file."""
    return f'<img alt="" src="data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}">'


STYLE = (
    "body{font:15px sans-serif;max-width:60em;margin:2em auto}td,th{padding:.1em .8em .1em 0;text-align:left}"
)


def write_page(path, title, body):
    head = f'<!doctype html><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    path.write_text(f"{head}<h1>{title}</h1>\n{body}\n", encoding="utf-8")


def per_query(path, values):
    names = [(ranking, measure) for ranking, by in values.items() for measure in by]
    queries = list(next(iter(next(iter(values.values())).values())))
    lines = ["\t".join(["query", *(f"{r} {m}" for r, m in names)])]
    for query in queries:
        lines.append("\t".join([query, *(f"{values[r][m][query]:.4f}" for r, m in names)]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
