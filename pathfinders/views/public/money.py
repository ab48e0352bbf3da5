"""Amounts in words on pages, as `transitions.money` says them."""

from transitions.money import pounds_words

__all__ = ["pounds_words"]
