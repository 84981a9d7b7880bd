"""Bodies that are no Kommunen: Zweckverbände, associations, authorities and others, with dated members."""
