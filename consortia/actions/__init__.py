from consortia.actions.mint import mint_consortium, next_ref

__all__ = ["mint_consortium", "next_ref"]
