"""My App."""
