"""Data quality at the warehouse's two borders: what comes in (landing), what goes out (marts)."""
