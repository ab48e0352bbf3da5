from consortia.actions.mint import mint_consortia, mint_consortium, next_ref, next_refs

__all__ = ["mint_consortia", "mint_consortium", "next_ref", "next_refs"]
