"""Everything that runs the project and is not the library: rules, notebooks, the book, benchmarks, bundled data."""
