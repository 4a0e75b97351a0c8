"""Events in the User Behavior Insights schema, as shown pages with their clicks.

Events that cannot count are set aside with the reason, and counted: none is lost silently.
"""

import csv
import gzip
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from .mistake import Mistake

IMPRESSIONS = {"impression", "view"}
CLICKS = {"click", "item_click", "product_click", "add_to_cart", "purchase"}


@dataclass
class Shown:
    """A document shown on a page, and what became of it."""

    query: str
    document: str
    position: int
    clicked: bool = False
    satisfied: bool = False
    query_id: str = ""


@dataclass
class Log:
    shown: list = field(default_factory=list)
    aside: list = field(default_factory=list)
    short: int = 0
    lines: int = 0
    # Of neither kind: filters, hovers, page exits. They are no mistake.
    others: Counter = field(default_factory=Counter)

    def put_aside(self, reason, what):
        self.aside.append({"reason": reason, "event": what})

    def reasons(self):
        return dict(Counter(entry["reason"] for entry in self.aside))


@dataclass(frozen=True)
class Limits:
    """Short dwell in seconds; how late a click may be, in seconds; what no person does in a minute."""

    dwell: float
    late: float
    per_minute: int


def read(paths, limits):
    log = Log()
    texts, events = {}, []
    for path in paths:
        for line in lines_of(path):
            log.lines += 1
            parse(line, texts, events, log)
    events = [event for event in events if event["query_id"] in texts or aside(log, "unknown query", event)]
    events = without_robots(without_twins(events, log), limits, log)
    pages(events, texts, limits, log)
    return log


def lines_of(path):
    if not Path(path).is_file():
        raise Mistake(f"--events: {path}, no such file")
    kind = gzip.open if str(path).endswith(".gz") else open
    with kind(path, "rt", encoding="utf-8", errors="replace") as lines:
        yield from (line for line in lines if line.strip())


def aside(log, reason, event):
    log.put_aside(reason, event.get("raw", event))
    return False


def parse(line, texts, events, log):
    """A query's text, or an event; bulk headers (`index`) are neither."""
    try:
        found = json.loads(line)
    except ValueError:
        log.put_aside("malformed: not JSON", line.strip()[:500])
        return
    if not isinstance(found, dict):
        log.put_aside("malformed: not an object", found)
        return
    if set(found) & {"index", "create"} and len(found) == 1:
        log.lines -= 1
        return
    if "action_name" not in found:
        query(found, texts, events, log)
        return
    if found["action_name"] not in IMPRESSIONS | CLICKS:
        log.others[str(found["action_name"])] += 1
        return
    try:
        texts_of(found, texts)
        events.append(event(found))
    except (KeyError, TypeError, ValueError) as e:
        log.put_aside(f"malformed: {type(e).__name__} {e}"[:60], found)


def query(found, texts, events, log):
    """A query may list the documents that it showed, in order."""
    if not isinstance(found.get("query_id"), str) or not isinstance(found.get("user_query"), str):
        log.put_aside("malformed: a query without query_id or user_query", found)
        return
    texts_of(found, texts)
    listed = found.get("query_response_object_ids") or found.get("query_response_hit_ids") or []
    for place, document in enumerate(listed if isinstance(listed, list) else []):
        attributes = {"object": {"object_id": document}, "position": {"ordinal": place}}
        shown = {**found, "action_name": "impression", "event_attributes": attributes}
        try:
            events.append(event(shown))
        except (KeyError, TypeError, ValueError) as e:
            log.put_aside(f"malformed: {type(e).__name__} {e}"[:60], shown)


def texts_of(found, texts):
    text = found.get("user_query")
    if isinstance(text, str) and text.strip():
        texts.setdefault(found["query_id"], " ".join(text.lower().split()))


def event(found):
    attributes = found["event_attributes"]
    position = attributes["position"]["ordinal"]
    if isinstance(position, bool) or position != int(position) or not 0 <= position < 1000:
        raise ValueError(f"position {position}")
    dwell = attributes.get("dwell_time")
    return {
        "raw": found,
        "click": found["action_name"] in CLICKS,
        "action": found["action_name"],
        "query_id": str(found["query_id"]),
        "document": str(attributes["object"]["object_id"]),
        "position": int(position),
        "seconds": seconds(found["timestamp"]),
        "client": str(found.get("client_id") or found.get("session_id") or ""),
        "dwell": None if dwell is None else float(dwell),
    }


def seconds(stamp):
    """Of ISO text, or of milliseconds since 1970."""
    if isinstance(stamp, (int, float)) and not isinstance(stamp, bool):
        return stamp / 1000
    when = datetime.fromisoformat(str(stamp).replace("Z", "+00:00"))
    return (when if when.tzinfo else when.replace(tzinfo=timezone.utc)).timestamp()


def without_twins(events, log):
    """An event that was sent twice: the same action on the same document at the same time."""
    seen, kept = set(), []
    for each in events:
        key = tuple(each[k] for k in ("action", "query_id", "document", "position", "seconds", "client"))
        if key in seen:
            aside(log, "duplicate", each)
        else:
            seen.add(key)
            kept.append(each)
    return kept


def without_robots(events, limits, log):
    """All events of clients that click more often in a minute than people do."""
    clicks = Counter((e["client"], int(e["seconds"] // 60)) for e in events if e["click"] and e["client"])
    robots = {client for (client, _), count in clicks.items() if count > limits.per_minute}
    return [e for e in events if e["client"] not in robots or aside(log, "like a robot", e)]


def pages(events, texts, limits, log):
    """Joins clicks with what was shown; a document shown twice for a query id counts once."""
    shown, began = {}, {}
    for each in events:
        if not each["click"]:
            key = each["query_id"], each["document"]
            if key in shown:
                aside(log, "shown again", each)
                continue
            text = texts[each["query_id"]]
            shown[key] = Shown(text, each["document"], each["position"], query_id=each["query_id"])
            began[each["query_id"]] = min(each["seconds"], began.get(each["query_id"], each["seconds"]))
    for each in events:
        if each["click"]:
            click(each, shown.get((each["query_id"], each["document"])), began, limits, log)
    log.shown = list(shown.values())


def click(each, page, began, limits, log):
    if page is None:
        aside(log, "click on what was not shown", each)
    elif not 0 <= each["seconds"] - began[each["query_id"]] <= limits.late:
        aside(log, "late, or before its page", each)
    else:
        page.clicked = True
        short = each["dwell"] is not None and each["dwell"] < limits.dwell
        log.short += short
        page.satisfied |= not short


def sessions(paths):
    """Simulated or exported sessions as CSV: sess_id, query, rank, clicked_doc_id, clicked."""
    log = Log()
    for path in paths:
        for row in csv.DictReader(lines_of(path)):
            log.lines += 1
            try:
                clicked = {"True": True, "False": False}[row["clicked"]]
                one = Shown(row["query"], row["clicked_doc_id"], int(float(row["rank"])), clicked, clicked)
            except (KeyError, TypeError, ValueError) as e:
                log.put_aside(f"malformed: {type(e).__name__}", row)
                continue
            log.shown.append(one)
    return log
