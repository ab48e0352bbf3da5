import io
from urllib.request import Request, urlopen

import pandas

CROSSWALK = "http://127.0.0.1:8000/api/v1/crosswalk/"
ASKED = "source=pct&target=consortium&as_of=2011-04-04&format=csv"

pairs = pandas.read_csv(f"{CROSSWALK}?{ASKED}", dtype={"source_code": str, "target_code": str})
cumbria = pairs[pairs["source_code"] == "5NE"]
print(cumbria[["target_code", "target_absent", "practices", "people", "people_share"]].to_string(index=False))

series = pandas.DataFrame({"pct": ["5NE", "5NT"], "admissions": [50000, 60000]})
sent = Request(f"{CROSSWALK}carry/?{ASKED}", series.to_csv(index=False).encode(), {"Content-Type": "text/csv"})
with urlopen(sent) as answer:
    carried = pandas.read_csv(io.BytesIO(answer.read()))
known = carried[carried["admissions"].notna()]  # no figure for a consortium none of whose practices is in the file
print(known[["consortium_code", "consortium_name", "admissions"]].to_string(index=False))
print("Sum:", round(known["admissions"].sum(), 2))
