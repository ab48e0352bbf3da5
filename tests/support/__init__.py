"""What the fixtures in conftest.py are made of."""
