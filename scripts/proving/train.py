"""`scripts/cascade train`: a ranking model of logged features, into Solr's model store.

LambdaMART (LightGBM) or a linear model, of what `log` wrote and of judgements. Queries, never documents,
are split into folds; each query is ranked by a model that has not seen it, and the result, --out's
heldout.run, is what to `evaluate`. The number of trees, or the weight of the penalty, is chosen inside
the training part of each fold. Grades are gains: NDCG's own.

A document counts only if every feature was computed for it, so that a value is missing in training if
and only if it is in Solr, and then is the feature's defaultValue in both. In lines that `log` did not
write (--svm) a feature that is not there is 0.

The model is written as --out's model.json and, with --solr, uploaded under --name; with --check-queries
Solr ranks these queries by it, and every score must be the trainer's within 1e-5.

  scripts/cascade train --log target/prove/log --qrels esci/qrels.txt --kind linear --name trained \\
      --solr http://localhost:8983/solr/esci --check-queries esci/queries.tsv --out target/prove/linear
  scripts/cascade train --svm rank.train.gz --groups rank.train.query --exponential-gains \\
      --name example --out target/prove/example
  scripts/cascade train --import model.json --name imported --solr … --out target/prove/imported
"""

import json
from pathlib import Path

import numpy as np

from training import data, metrics

from . import forests, letor, log, ltr, rankers
from . import solr as over_http
from .mistake import Mistake
from .record import Record

SHARES = (0.25, 0.5, 0.75, 1)


def arguments(parser):
    add = parser.add_argument
    over_http.arguments(parser, required=False)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--log", metavar="DIR", help="what `scripts/cascade log` wrote")
    source.add_argument("--svm", metavar="FILE", help="LibSVM lines, gzipped or not")
    source.add_argument(
        "--import", dest="imported", metavar="FILE", help="a LightGBM (text, JSON) or XGBoost (JSON) model"
    )
    add("--qrels", help="TREC judgements; without them the grades of the LibSVM lines")
    add("--exponential-gains", action="store_true", help="a grade of g is a gain of 2^g − 1")
    add("--groups", metavar="FILE", help="sizes of the queries' groups, where lines have no qid")
    add("--feature-map", metavar="FILE", help="with --import: JSON, the model's names to the store's")
    add("--kind", choices=sorted(rankers.KINDS), default="lambdamart")
    add("--features", metavar="NAMES", help="by commas; all that were logged; -NAME leaves one out")
    add("--name", required=True, help="the model's name in the store")
    add("--folds", type=int, default=5)
    add("--leaves", type=int, default=7, help="of each tree (7)")
    add("--min-documents", type=int, default=50, help="in each leaf (50)")
    add("--learning-rate", type=float, default=0.05)
    add("--most-trees", type=int, default=300)
    add("--bags", type=int, default=1, help="average so many forests of different seeds (1)")
    add("--curve", action="store_true", help="also learn from fewer queries: would more judgements help?")
    add("--seed", type=int, default=1)
    add("--check-queries", metavar="FILE", help="id, tab, text: compare Solr's scores with the trainer's")
    add("--check-depth", type=int, default=50)
    add("--out", required=True, metavar="DIR")


def main(options):
    if options.imported:
        record = Record(options, [options.imported, options.feature_map])
        model, score = forests.imported(options)
        names = ltr.features(model)
    else:
        files = [Path(options.log) / "log.svm" if options.log else options.svm, options.qrels, options.groups]
        record = Record(options, files)
        rows = training_rows(options)
        names = rows.features
        ranker = trained(options, rows, record)
        model, score = ranker.model(options.name), ranker.score
        own = furthest_here(model, rows, score)
        record.add(furthestScoreOfModelJson=own)
    record.file("model.json").write_text(json.dumps(model, indent=1) + "\n")
    print(f"{record.file('model.json')}: {len(names)} features")
    if options.solr:
        upload(over_http.Solr.of(options), options, model, score, record)


def training_rows(options):
    path = Path(options.log) / "log.svm" if options.log else options.svm
    rows = letor.read(path, options.groups)
    rows = rows.columns(chosen(rows.features, options.features))
    if options.svm:
        # As LibSVM has it.
        rows.values = np.nan_to_num(rows.values, nan=0.0)
    whole = ~np.isnan(rows.values).any(1)
    if not whole.all():
        print(f"{(~whole).sum()} of {len(whole)} documents lack a feature and are left out")
        rows = rows.take(whole)
    if options.qrels:
        grades = data.qrels(options.qrels)
        rows.grades = np.array([grades.get(q, {}).get(d, 0.0) for q, d in zip(rows.queries, rows.documents)])
    if options.exponential_gains:
        rows.grades = 2.0**rows.grades - 1
    of = [rows.grades[rows.queries == query].max() > 0 for query in rows.names()]
    keep = {query for query, has in zip(rows.names(), of) if has}
    if len(keep) < options.folds:
        raise Mistake(f"--folds: {options.folds}, but only {len(keep)} queries have a relevant document")
    print(f"{len(keep)} of {len(of)} queries have a relevant document")
    return rows.take(np.array([query in keep for query in rows.queries]))


def chosen(known, wanted):
    asked = [name for name in (wanted or "").split(",") if name]
    out = {name[1:] for name in asked if name.startswith("-")}
    unknown = [name for name in [*asked, *out] if name.lstrip("-") not in known]
    if unknown:
        raise Mistake(f"--features: {unknown[0]}, must be one of {known}")
    return [name for name in asked if not name.startswith("-")] or [n for n in known if n not in out]


def trained(options, rows, record):
    """The model of all queries; each query held out once is scored by the model of the others."""
    kind = rankers.KINDS[options.kind]
    folds = rankers.folds(rows.names(), options.folds, options.seed)
    scores = np.zeros(len(rows.grades))
    details = []
    for held_out in folds:
        out = np.array([query in held_out for query in rows.queries])
        ranker = kind.fitted(rows.take(~out), options)
        scores[out] = ranker.score(rows.values[out])
        details.append(ranker.detail)
    write_run(record.file("heldout.run"), rows, scores, options.name)
    values = rankers.by_query(rows, scores)
    served = rankers.by_query(rows, -np.arange(len(scores)))
    mean, low, high = metrics.interval(list(values.values()), options.seed)
    ranker = kind.fitted(rows, options)
    print(f"held out, {len(values)} queries in {len(folds)} folds, NDCG@10 among the logged documents:")
    print(f"  {mean:.4f} [{low:.4f}, {high:.4f}]; as they were logged {np.mean(list(served.values())):.4f}")
    print(f"of all queries: {ranker.detail}")
    record.add(
        heldOutNdcg=[mean, low, high], folds=details, all=ranker.detail, importance=ranker.importance()
    )
    if options.curve:
        record.add(curve=curve(kind, folds, rows, ranker, options))
    for name, share in sorted(ranker.importance().items(), key=lambda pair: -abs(pair[1])):
        print(f"  {name:24} {share:8.4f}")
    return ranker


def curve(kind, folds, rows, whole, options):
    """NDCG@10 on queries held out, by the number learnt from; and on those that were learnt from."""
    found = {}
    for share in SHARES:
        scores, count = np.zeros(len(rows.grades)), 0
        for held_out in folds:
            others = [query for query in rows.names() if query not in held_out]
            kept = np.random.default_rng(options.seed).permutation(others)[: int(share * len(others))]
            count += len(kept) / len(folds)
            out = np.isin(rows.queries, list(held_out))
            ranker = kind.fitted(rows.take(np.isin(rows.queries, kept)), options)
            scores[out] = ranker.score(rows.values[out])
        found[f"{count:.0f} queries"] = float(np.mean(list(rankers.by_query(rows, scores).values())))
    found["on the queries learnt from"] = rankers.ndcg(rows, whole)
    for label, value in found.items():
        print(f"  {label:28} {value:.4f}")
    return found


def write_run(path, rows, scores, name):
    with open(path, "w", encoding="utf-8") as out:
        for query in rows.names():
            of = np.flatnonzero(rows.queries == query)
            for rank, i in enumerate(of[np.argsort(-scores[of], kind="stable")], 1):
                out.write(f"{query} Q0 {rows.documents[i]} {rank} {scores[i]:.6f} {name}\n")


def furthest_here(model, rows, score):
    """How far model.json's scores, reckoned as Solr does, are from the trainer's."""
    furthest = ltr.furthest(ltr.score(model, rows.values), score(rows.values))
    if furthest > ltr.TOLERANCE:
        raise Mistake(f"model {model['name']}: its JSON's scores are {furthest:.1e} off the trainer's")
    return furthest


def upload(solr, options, model, score, record):
    known = solr.features()
    missing = [name for name in ltr.features(model) if name not in known]
    if missing:
        raise Mistake(f"feature {missing[0]}: not in the feature store, which has {sorted(known)}")
    if options.imported:
        forests.check_defaults(options, known)
    solr.put_model(model)
    print(f"uploaded to {solr.url} as {model['name']}")
    if options.check_queries:
        furthest, checked = check(solr, options, model, score)
        record.add(furthestScoreInSolr=furthest, scoresCheckedInSolr=checked)
        print(f"{checked} scores of Solr are the trainer's: at most {furthest:.1e} off")


def check(solr, options, model, score):
    """How far Solr's scores are from the trainer's on the features that Solr had, and how many."""
    names = ltr.features(model)
    found, values = [], []
    for text in log.read_queries(options.check_queries).values():
        answer = solr.search(
            text,
            f"{{!cascade models={model['name']}:{options.check_depth}}}",
            rows=options.check_depth,
            fl="id,score,[cascade]",
        )
        for doc in answer["response"]["docs"]:
            found.append(doc["score"])
            values.append([doc["[cascade]"]["features"][name] for name in names])
    furthest = ltr.furthest(found, score(np.array(values, np.float32))) if found else 0.0
    if furthest > ltr.TOLERANCE:
        raise Mistake(f"model {model['name']}: Solr's scores are {furthest:.1e} off the trainer's")
    return furthest, len(found)
