curl -o practices.csv 'http://127.0.0.1:8000/api/v1/practices/?as_of=2011-04-04&status=active&setting=4&sha=Q36&fields=code,name,list_size,pct&format=csv'
head -n 4 practices.csv
