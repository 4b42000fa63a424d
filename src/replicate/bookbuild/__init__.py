"""From notebook sources to a book: execute through papermill, skip what is current, check the pages."""
