"""What `./dev` runs: small modules, one concern each, standard library only."""
