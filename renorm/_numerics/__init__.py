"""Fixed points and checks of arguments, on which everything else stands."""
