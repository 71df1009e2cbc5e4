"""The studio: command line, server, pages. The only place where mc3core, annotation and db meet."""
