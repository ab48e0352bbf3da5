curl 'http://127.0.0.1:8000/api/v1/coverage/?as_of=2011-04-04&format=csv' | cut -d, -f 1,3-5,7,15
curl 'http://127.0.0.1:8000/api/v1/coverage/?as_of=2011-04-04&known_at=2011-01-01&format=csv' | cut -d, -f 1,3-5,7,15
