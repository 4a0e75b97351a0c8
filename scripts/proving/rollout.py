"""`scripts/cascade rollout`: which of two rankings visitors prefer, and from one model to the next and back.

  size      how many clicked pages a contest needs
  judge     who won an interleaved contest: the teams of each page (--teams: JSON lines with query_id and
            teams, as /interleave answers them) and click events in the User Behavior Insights schema
  promote   a model takes the name of the one that serves; that one is kept as NAME-previous
  rollback  NAME-previous serves again, and what served is kept in its place

A page with clicks is won by the team with more of them; a page of equal clicks counts for neither. The p
is of the two-sided sign test; look at it when the planned number of pages is there, not before.
In SolrCloud the other nodes follow when the collection is reloaded: promote and rollback do that with
--reload COLLECTION.

  scripts/cascade rollout size --win-rate 0.53
  scripts/cascade rollout judge --teams pages.jsonl --events events.ndjson --planned 900
  scripts/cascade rollout promote --solr http://localhost:8983/solr/products --model deep-v2 --as deep
  scripts/cascade rollout rollback --solr http://localhost:8983/solr/products --as deep
"""

import json
from statistics import NormalDist

from scipy.stats import binomtest

from . import events
from . import solr as over_http
from .mistake import Mistake

PREVIOUS = "-previous"


def arguments(parser):
    actions = parser.add_subparsers(dest="action", required=True)
    size = actions.add_parser("size", help="how many clicked pages a contest needs")
    size.add_argument("--win-rate", type=float, required=True, help="the least share worth finding")
    size.add_argument("--level", type=float, default=0.05, help="chance to find what is not there")
    size.add_argument("--power", type=float, default=0.8, help="chance to find what is there")
    judge = actions.add_parser("judge", help="who won an interleaved contest")
    judge.add_argument("--teams", required=True, metavar="FILE")
    judge.add_argument("--events", required=True, nargs="+", metavar="FILE")
    judge.add_argument("--planned", type=int, help="the number of decided pages that was planned")
    judge.add_argument("--short-dwell", type=float, default=10)
    judge.add_argument("--late", type=float, default=1800)
    judge.add_argument("--robot-clicks", type=int, default=30)
    for name, help_ in (
        ("promote", "a model takes another's name"),
        ("rollback", "the one before serves again"),
    ):
        action = actions.add_parser(name, help=help_)
        over_http.arguments(action)
        action.add_argument("--as", dest="served", required=True, metavar="NAME", help="the name that serves")
        action.add_argument("--reload", metavar="COLLECTION", help="reload it, so that all nodes follow")
        if name == "promote":
            action.add_argument("--model", required=True, metavar="NAME", help="the model that shall serve")


def main(options):
    {"size": size, "judge": judge, "promote": promote, "rollback": rollback}[options.action](options)


def size(options):
    if not 0.5 < options.win_rate < 1:
        raise Mistake(f"--win-rate: {options.win_rate}, must be between 0.5 and 1")
    print(f"{pages_needed(options.win_rate, options.level, options.power)} decided pages")


def pages_needed(rate, level, power):
    """Of the sign test, by the normal approximation."""
    normal = NormalDist()
    spread = normal.inv_cdf(1 - level / 2) * 0.5 + normal.inv_cdf(power) * (rate * (1 - rate)) ** 0.5
    return int(-(-((spread / (rate - 0.5)) ** 2) // 1))


def judge(options):
    limits = events.Limits(options.short_dwell, options.late, options.robot_clicks)
    log = events.read(options.events, limits)
    found = contest(teams(options.teams), log)
    for reason, number in log.reasons().items():
        print(f"  {number:6} set aside: {reason}")
    decided = found["a"] + found["b"]
    print(
        f"{found['pages']} pages with teams, {found['clicked']} with clicks: a won {found['a']}, "
        f"b won {found['b']}, {found['even']} even"
    )
    if decided == 0:
        raise Mistake("--events: must have clicks on documents of the pages in --teams")
    test = binomtest(found["b"], decided)
    low, high = test.proportion_ci()
    print(
        f"b wins {found['b'] / decided:.3f} [{low:.3f}, {high:.3f}] of the decided pages, p {test.pvalue:.4f}"
    )
    if options.planned and decided < options.planned:
        print(f"{options.planned - decided} decided pages are still to come: no verdict yet")
    elif test.pvalue < 0.05:
        print(f"{'b' if found['b'] > found['a'] else 'a'} is better")
    else:
        print("no difference is shown")


def teams(path):
    """By query id the team of each document."""
    found = {}
    for number, line in enumerate(events.lines_of(path), 1):
        try:
            page = json.loads(line)
            found[str(page["query_id"])] = {str(d): team for d, team in page["teams"].items()}
        except (ValueError, KeyError, TypeError, AttributeError) as e:
            raise Mistake(f"{path}:{number}: must be JSON with query_id and teams") from e
        if set(found[str(page["query_id"])].values()) - {"a", "b"}:
            raise Mistake(f"{path}:{number}: teams must be a or b")
    return found


def contest(pages, log):
    won = {"pages": len(pages), "clicked": 0, "a": 0, "b": 0, "even": 0}
    clicks = {query: {"a": 0, "b": 0} for query in pages}
    for one in log.shown:
        team = pages.get(one.query_id, {}).get(one.document)
        if team and one.satisfied:
            clicks[one.query_id][team] += 1
    for of in clicks.values():
        if of["a"] or of["b"]:
            won["clicked"] += 1
            won["even" if of["a"] == of["b"] else "a" if of["a"] > of["b"] else "b"] += 1
    return won


def promote(options):
    solr = over_http.Solr.of(options)
    models = solr.models()
    for name in (options.model, options.served):
        if name not in models:
            raise Mistake(f"model: {name}, must be one of {sorted(models)}")
    swap(solr, options.served, renamed(models[options.model], options.served), models[options.served])
    print(f"{options.served} is what {options.model} was; before it stands {options.served + PREVIOUS}")
    reload(solr, options)


def rollback(options):
    solr = over_http.Solr.of(options)
    previous = solr.model(options.served + PREVIOUS)
    swap(solr, options.served, renamed(previous, options.served), solr.model(options.served))
    print(f"{options.served} is again what it was before; what served is {options.served + PREVIOUS}")
    reload(solr, options)


def renamed(model, name):
    return {**model, "name": name}


def swap(solr, name, new, old):
    """`old` is kept first, and serves again if `new` is refused."""
    solr.put_model(renamed(old, name + PREVIOUS))
    try:
        solr.put_model(new)
    except Mistake:
        solr.put_model(old)
        raise


def reload(solr, options):
    if options.reload:
        root, _, _ = solr.url.rpartition("/")
        over_http.Solr(root, options.user).send(
            "GET", "admin/collections", params={"action": "RELOAD", "name": options.reload}
        )
        print(f"reloaded {options.reload}")
