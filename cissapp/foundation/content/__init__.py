"""The programme's content: modules, rubric, decision rule and country packs, read from files."""
