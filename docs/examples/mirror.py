#!/usr/bin/env python3
"""Keeps a copy of every fact of a Pathfinders register in SQLite, and proves it by hash. Python 3.9 or later, nothing else.

    mirror.py https://pathfinders.example mirror.sqlite

Run it as often as you like, after a minute or a year: it goes on from where it stopped, also where it was killed. Then
it writes the facts as of the newest snapshot's entry as that snapshot has them, and compares the SHA-256. `--start REF`
begins an empty copy with the facts of that snapshot instead of the whole journal; `--out FILE` keeps what it wrote.
"""

import argparse
import hashlib
import json
import sqlite3
import time
import urllib.error
import urllib.request


def ask(url):
    while True:
        try:
            return urllib.request.urlopen(url, timeout=60)
        except urllib.error.HTTPError as error:
            if error.code not in (429, 503):
                raise SystemExit(f"{url} answers {error.code}: {error.read().decode()[:300]}") from None
            time.sleep(int(error.headers.get("Retry-After", 10)))


def place(text):
    return [int(n) for n in text.split(".")] if text else [None, None]


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def open_fact(db, fact, closed, **told):
    db.execute("INSERT INTO fact VALUES (?, ?, ?, ?, ?)", [*place(fact), *place(closed), canonical(told)])


def facts_of(snapshot):
    return next(file for file in snapshot["files"] if file["name"] == "facts.ndjson")


def start(db, snapshot):
    digest = hashlib.sha256()
    with db:  # one transaction: killed half way, it has not begun
        for line in ask(facts_of(snapshot)["url"]):
            digest.update(line)
            open_fact(db, **json.loads(line))
        if digest.hexdigest() != facts_of(snapshot)["sha256"]:
            raise SystemExit("The snapshot's facts did not come whole: try again.")
        db.execute("INSERT INTO place VALUES (?)", [str(snapshot["entry"])])


def follow(db, site):
    after = db.execute("SELECT max(after) FROM place").fetchone()[0] or ""
    url = f"{site}/api/v1/changes/?after={after}"
    while url:
        page = json.load(ask(url))
        with db:  # a page and the place after it: both or neither
            for change in page["results"]:
                after, action = change.pop("change"), change.pop("action")
                if action == "opened":
                    open_fact(db, after, "", **change)
                else:
                    closed = "UPDATE fact SET closed_entry = ?, closed_position = ? WHERE entry = ? AND position = ?"
                    db.execute(closed, [*place(after), *place(change["fact"])])
            db.execute("DELETE FROM place")
            db.execute("INSERT INTO place VALUES (?)", [after])
        url = page["next"]


def lines(db, entry):
    for *fact, closed_entry, closed, told in db.execute("SELECT * FROM fact WHERE entry <= ? ORDER BY 1, 2", [entry]):
        closed = f"{closed_entry}.{closed}" if closed_entry and closed_entry <= entry else None
        yield canonical({"fact": "{}.{}".format(*fact), "closed": closed, **json.loads(told)}).encode() + b"\n"


words = argparse.ArgumentParser(description="Keeps a copy of a Pathfinders register in SQLite, proved by hash.")
words.add_argument("site")
words.add_argument("file")
words.add_argument("--start", help="a snapshot to begin an empty copy with, or latest")
words.add_argument("--out", default="/dev/null", help="keep the facts as they were written to be hashed")
asked = words.parse_args()
site, db, digest = asked.site.rstrip("/"), sqlite3.connect(asked.file), hashlib.sha256()
db.execute(
    "CREATE TABLE IF NOT EXISTS fact (entry, position, closed_entry, closed_position, told, PRIMARY KEY (entry, position))"
)
db.execute("CREATE TABLE IF NOT EXISTS place (after)")
if asked.start and not db.execute("SELECT 1 FROM place").fetchone():
    start(db, json.load(ask(f"{site}/api/v1/snapshots/{asked.start}/"))["result"])
snapshot = json.load(ask(f"{site}/api/v1/snapshots/latest/"))["result"]
follow(db, site)
with open(asked.out, "wb") as out:
    for line in lines(db, snapshot["entry"]):
        digest.update(line)
        out.write(line)
same = digest.hexdigest() == facts_of(snapshot)["sha256"]
print(f"Snapshot {snapshot['ref']}: {'the same' if same else 'NOT the same'}, SHA-256 {digest.hexdigest()}")
raise SystemExit(0 if same else 1)
