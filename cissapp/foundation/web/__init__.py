"""The web layer: layout, components, error pages, headers, forms, languages."""
