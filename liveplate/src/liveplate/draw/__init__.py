"""How one state becomes marks: a recording matplotlib renderer."""
