"""Keys and values become sentences here, in the reader's language: the only package that turns texts into words."""
