import pandas

coverage = pandas.read_csv("http://127.0.0.1:8000/api/v1/coverage/?by=sha&as_of=2011-04-04&format=csv")
print(coverage[["name", "pathfinders", "practices", "people", "percent"]].to_string(index=False))
