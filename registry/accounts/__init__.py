"""Accounts: sign-in by e-mail, the second step of DH's staff, typed words kept over a sign-in, the demo's buttons."""
