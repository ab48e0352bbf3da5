"""The layouts of the files that the register reads: each module takes one apart into rows and refusals."""
