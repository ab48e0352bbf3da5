import pandas

memberships = pandas.read_csv(
    "http://127.0.0.1:8000/api/v1/memberships/?as_of=2011-04-04&sha=Q36&format=csv", dtype=str
)
sizes = memberships.groupby("consortium_name")["practice_code"].count().sort_index()
print(sizes.head(5).to_string())
