"""A policy on paper: photographs of its pages wait in their order until they become one document."""
