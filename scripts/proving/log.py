"""`scripts/cascade log`: run queries and write what was served.

Which cascade: one that is configured (--cascade), one of models in the store (--models), or every
feature you name, for each of the first --depth documents (--features). Written to --out:

  served.jsonl   a line a query: its stages, and each document's score, ranks and features
  log.svm        the same as LibSVM with query ids, features.json beside it: what `train` reads

Each document's score is reckoned again from its logged features, by the model of the last stage that
it reached, and must be the one that was served. Started again, it goes on where it was.

  scripts/cascade log --solr http://localhost:8983/solr/esci --queries esci/queries.tsv \\
      --features all,-teacher --depth 100 --out target/prove/log
  scripts/cascade log --solr http://localhost:8983/solr/esci --queries esci/queries.tsv \\
      --cascade products --out target/prove/served
"""

import json
from pathlib import Path

import numpy as np
from tqdm import tqdm

from training import data

from . import letor, ltr
from . import solr as over_http
from .mistake import Mistake
from .record import Record

LOG_MODEL = "cascade-log"
FIRST_PASS = "first pass"


def arguments(parser):
    add = parser.add_argument
    over_http.arguments(parser)
    add("--queries", required=True, help="id, tab, text")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--cascade", metavar="NAME", help="a configured cascade")
    which.add_argument("--models", metavar="MODEL:DOCS,…", help="a cascade of the store's models")
    which.add_argument(
        "--features", metavar="NAMES|all", help="these features, by commas; all,-NAME leaves some out"
    )
    add("--depth", type=int, default=100, help="documents logged for each query (100)")
    add("--efi", action="append", default=[], metavar="NAME=VALUE", help="for features; $PARAM refers to one")
    add("--query-params", metavar="FILE", help="JSON: parameters by query id, such as a visitor's clicks")
    add("--qrels", help="TREC judgements: grades for log.svm, where 0 else stands")
    add("--out", required=True, metavar="DIR")


def main(options):
    solr = over_http.Solr.of(options)
    queries = read_queries(options.queries)
    record = Record(options, [options.queries, options.qrels, options.query_params])
    names = feature_names(solr, options.features) if options.features else None
    if names:
        # The weights do not matter; the served order is that of the first feature.
        weights = {name: float(place == 0) for place, name in enumerate(names)}
        solr.put_model(ltr.linear_model(LOG_MODEL, weights))
    try:
        served = serve(solr, options, queries, record.file("served.jsonl"))
        models = solr.models()
    finally:
        if names:
            solr.delete_model(LOG_MODEL)
    furthest, checked = check(served, models)
    grades = data.qrels(options.qrels) if options.qrels else {}
    rows, left_out = as_rows(served, grades)
    letor.write(record.file("log.svm"), rows)
    record.add(
        queries=len(served),
        documents=len(rows.documents),
        checked=checked,
        furthestScore=furthest,
        withoutFeatures=left_out,
        cutShort=[line["query"] for line in served if not complete(line)],
    )
    print(f"{len(served)} queries, {len(rows.documents)} documents with {len(rows.features)} features")
    print(f"{checked} served scores reckoned again from the logged features: at most {furthest:.1e} off")
    if left_out:
        print(f"{left_out} documents reached no stage and have no features: left out of log.svm")


def read_queries(path):
    if not Path(path).is_file():
        raise Mistake(f"--queries: {path}, no such file")
    queries = data.queries(path)
    if not queries:
        raise Mistake(f"--queries: {path}, must have lines of id, tab, text")
    return queries


def feature_names(solr, wanted):
    known = list(solr.features())
    asked = [name for name in wanted.split(",") if name]
    names = list(known) if "all" in asked else []
    for name in asked:
        if name.lstrip("-") not in [*known, "all"]:
            raise Mistake(f"--features: {name}, must be one of {known} in the feature store")
        if name.startswith("-"):
            names = [other for other in names if other != name[1:]]
        elif name != "all" and name not in names:
            names.append(name)
    return names


def rank_query(options):
    which = f"name={options.cascade}"
    if options.features:
        which = f"models={LOG_MODEL}:{options.depth}"
    elif options.models:
        which = f"models='{options.models}'"
    efi = "".join(f" efi.{text}" for text in options.efi)
    return f"{{!cascade {which}{efi}}}"


def query_params(options):
    """Parameters of single queries, by id."""
    if not options.query_params:
        return {}
    try:
        found = json.loads(Path(options.query_params).read_text(encoding="utf-8"))
    except ValueError as e:
        raise Mistake(f"--query-params: {options.query_params}, must be JSON: {e}") from e
    if not all(isinstance(params, dict) for params in found.values()):
        raise Mistake(f"--query-params: {options.query_params}, must be an object of objects")
    return found


def serve(solr, options, queries, path):
    """What was served for every query, in order; what the file already has is not asked again."""
    had = {line["query"]: line for line in written(path)}
    own = query_params(options)
    with open(path, "a", encoding="utf-8") as out:
        for id_, text in tqdm(queries.items(), desc="Logging", disable=None):
            if id_ not in had:
                had[id_] = served_for(solr, options, id_, text, own.get(id_, {}))
                out.write(json.dumps(had[id_]) + "\n")
                out.flush()
    return [had[id_] for id_ in queries]


def written(path):
    """The lines of an earlier run; the last is left out if it was being written when it ended."""
    if not path.is_file():
        return []
    text = path.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        path.write_text(whole, encoding="utf-8")
    return [json.loads(line) for line in whole.splitlines()]


def served_for(solr, options, id_, text, own):
    fields = {"rows": options.depth, "fl": "id,score,[cascade]"}
    answer = solr.search(text, rank_query(options), **{**own, **fields})
    docs = answer["response"]["docs"]
    if docs and "[cascade]" not in docs[0]:
        raise Mistake("fl=[cascade]: came back empty; its transformer must be in solrconfig.xml")
    return {
        "query": id_,
        "text": text,
        "stages": answer.get("cascade", {}).get("stages", []),
        "docs": [{"id": doc["id"], "score": doc["score"], **doc["[cascade]"]} for doc in docs],
    }


def complete(line):
    return all(stage["outcome"] == "completed" for stage in line["stages"])


def check(served, models):
    """The largest distance of a served score from its model's on the logged features, and how many."""
    by_model = {}
    for line in served:
        model_of = {stage["name"]: stage["model"] for stage in line["stages"]}
        for doc in line["docs"]:
            if doc["stage"] != FIRST_PASS:
                by_model.setdefault(model_of[doc["stage"]], []).append((line["query"], doc))
    furthest, checked = 0.0, 0
    for name, docs in by_model.items():
        furthest = max(furthest, check_model(models[name], docs))
        checked += len(docs)
    return furthest, checked


def check_model(model, docs):
    values = [[doc["features"][name] for name in ltr.features(model)] for _, doc in docs]
    scores = ltr.score(model, values)
    for (query, doc), score in zip(docs, scores):
        if ltr.furthest([doc["score"]], [score]) > ltr.TOLERANCE:
            raise Mistake(
                f"query {query}, document {doc['id']}: served with the score {doc['score']}, but model "
                f"{model['name']} gives {score} for its logged features; was the model changed meanwhile?"
            )
    return ltr.furthest([doc["score"] for _, doc in docs], scores)


def as_rows(served, grades):
    names = list(dict.fromkeys(n for line in served for doc in line["docs"] for n in doc["features"]))
    kept = [(line["query"], doc) for line in served for doc in line["docs"] if doc["features"]]
    values = np.array(
        [[doc["features"].get(name, np.nan) for name in names] for _, doc in kept], np.float32
    ).reshape(len(kept), len(names))
    rows = letor.Rows(
        names,
        values,
        np.array([grades.get(query, {}).get(doc["id"], 0.0) for query, doc in kept]),
        np.array([query for query, _ in kept], dtype=object),
        [doc["id"] for _, doc in kept],
    )
    return rows, sum(len(line["docs"]) for line in served) - len(kept)
