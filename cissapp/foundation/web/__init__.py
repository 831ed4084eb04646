"""The face of the application: layout, components, error pages, headers, forms, languages."""
