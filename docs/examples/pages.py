import json
from urllib.request import urlopen

address = "http://127.0.0.1:8000/api/v1/consortia/?as_of=2011-04-04&page_size=100"
names = []
while address:
    with urlopen(address) as answer:
        page = json.load(answer)
    names += [row["name"] for row in page["results"]]
    address = page["next"]  # both dates are pinned in it: all pages are of one moment
print(len(names) == page["count"], page["as_of"])
