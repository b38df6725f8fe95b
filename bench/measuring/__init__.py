"""How the scripts of this directory measure; not part of the product."""
