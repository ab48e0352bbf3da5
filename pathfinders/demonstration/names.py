"""Made-up English names: of surgeries, streets and people. None is taken from a register."""

from __future__ import annotations

from random import Random

TREES = ["Oak", "Elm", "Ash", "Beech", "Birch", "Cedar", "Chestnut", "Hawthorn", "Holly", "Hazel", "Laurel", "Lime", "Maple", "Poplar", "Rowan", "Willow", "Yew"]
STREETS = ["High Street", "Station Road", "Church Street", "Church Lane", "Mill Lane", "Park Road", "Victoria Road", "Albert Street", "London Road", "Market Place", "Bridge Street", "Queen Street", "King Street", "School Lane", "Green Lane", "Manor Road", "Grove Road", "West Street", "North Road", "South Street", "East Street", "Castle Street", "Abbey Road", "Priory Road", "Spring Gardens", "The Crescent", "Hill Road", "Wellington Road", "Nelson Street", "Trafalgar Road", "Windsor Road", "York Road", "Chapel Lane", "Vicarage Road", "Rectory Lane", "Orchard Way", "Meadow Lane", "Canal Street", "Foundry Lane", "Old Road", "New Road", "Cross Street", "George Street", "Park Avenue", "Linden Avenue", "Brook Street", "Field Lane", "Common Road", "Moor Lane", "Cromwell Road", "Gladstone Street", "Jubilee Road"]
HOUSES = ["Park", "Riverside", "Springfield", "Parkside", "Woodlands", "Brookside", "Hillside", "Meadow", "Valley", "Manor", "Priory", "Abbey", "Castle", "Bridge", "Mill", "Orchard", "Lakeside", "Fountain", "Cathedral", "Albion", "Kingfisher", "Swan", "Phoenix", "Beacon", "Crown", "Clarence", "Grange", "Gables"]
SURNAMES = ["Ahmed", "Allen", "Anand", "Atkinson", "Bailey", "Baker", "Banerjee", "Barker", "Bennett", "Bhatt", "Booth", "Bradley", "Brown", "Burton", "Carter", "Chandra", "Chapman", "Clarke", "Cohen", "Cole", "Cooper", "Cox", "Das", "Davies", "Dixon", "Edwards", "Ellis", "Evans", "Fisher", "Foster", "Fox", "Ghosh", "Gibson", "Graham", "Grant", "Gray", "Green", "Gupta", "Hall", "Harris", "Harvey", "Hill", "Holmes", "Hughes", "Hunt", "Iqbal", "Jackson", "James", "Johnson", "Jones", "Joshi", "Kaur", "Kelly", "Khan", "King", "Knight", "Kumar", "Lee", "Lewis", "Lloyd", "Malik", "Marshall", "Mason", "Matthews", "Mehta", "Menon", "Miller", "Mitchell", "Moore", "Morgan", "Morris", "Murphy", "Murray", "Nair", "Naylor", "Newton", "Okafor", "Owen", "Palmer", "Parker", "Patel", "Pearson", "Perera", "Phillips", "Powell", "Price", "Rao", "Reddy", "Reid", "Reynolds", "Richards", "Roberts", "Robinson", "Rogers", "Ross", "Russell", "Ryan", "Saunders", "Shah", "Sharma", "Shaw", "Simpson", "Singh", "Smith", "Spencer", "Stevens", "Stone", "Sutton", "Taylor", "Thomas", "Thompson", "Turner", "Wade", "Walker", "Walsh", "Ward", "Watson", "Webb", "West", "White", "Wilkinson", "Williams", "Wilson", "Wood", "Wright", "Young"]
FIRST_NAMES = ["Alan", "Amina", "Andrew", "Angela", "Anita", "Anthony", "Asha", "Barbara", "Brian", "Carol", "Catherine", "Charles", "Christine", "Claire", "Colin", "Daniel", "David", "Deborah", "Elizabeth", "Emma", "Fiona", "Geoffrey", "George", "Hassan", "Helen", "Ian", "Imran", "Jane", "Janet", "John", "Judith", "Julia", "Karen", "Keith", "Kiran", "Laura", "Linda", "Margaret", "Mark", "Martin", "Mary", "Michael", "Neil", "Nigel", "Nisha", "Patricia", "Paul", "Peter", "Philip", "Priya", "Rachel", "Rajesh", "Richard", "Robert", "Ruth", "Sanjay", "Sarah", "Simon", "Stephen", "Sunita", "Susan", "Thomas", "Timothy", "Usha", "Victoria", "William"]
INWARD = "ABDEFGHJLNPQRSTUWXYZ"  # the letters that end a postcode


def surgery(draw: Random, town: str) -> str:
    """A surgery's name; some are shared, as in England (THE SURGERY stands on many doors)."""
    street = draw.choice(STREETS)
    pattern = draw.randrange(20)
    if pattern < 5:
        return f"{street} Surgery"
    if pattern < 8:
        return f"{town} {draw.choice(('Medical Centre', 'Health Centre', 'Surgery', 'Medical Practice'))}"
    if pattern < 11:
        return f"{draw.choice(HOUSES)} {draw.choice(('Surgery', 'Medical Centre', 'Practice', 'Health Centre'))}"
    if pattern < 13:
        return f"{draw.choice(TREES)} {draw.choice(('House Surgery', 'Tree Surgery', 'Lodge Medical Practice'))}"
    if pattern < 16:
        return f"Dr {draw.choice(SURNAMES)} and Partners"
    if pattern < 18:
        return f"{street} {draw.choice(('Practice', 'Medical Centre', 'Group Practice'))}"
    if pattern < 19:
        return f"Dr {draw.choice(SURNAMES)}"
    return draw.choice(("The Surgery", "The Health Centre", "The Medical Centre", f"St {_saint(draw)}'s Surgery"))


def _saint(draw: Random) -> str:
    return draw.choice(["Andrew", "George", "John", "Luke", "Mary", "Michael", "Paul", "Peter", "Stephen", "Thomas"])


def street_address(draw: Random) -> str:
    return f"{draw.randint(1, 190)} {draw.choice(STREETS)}"


def postcode(draw: Random, letters: str) -> str:
    return f"{letters}{draw.randint(1, 19)} {draw.randint(1, 9)}{draw.choice(INWARD)}{draw.choice(INWARD)}"


def doctor(draw: Random) -> str:
    return f"Dr {draw.choice(FIRST_NAMES)} {draw.choice(SURNAMES)}"
