"""The wish of a school to join: asked on the home page, confirmed by mail, answered by the national group."""
