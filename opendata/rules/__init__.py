"""Pure mappings: case files to OCDS releases, releases to records, credit facts to what is shared."""
