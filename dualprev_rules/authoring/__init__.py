"""What makes and changes packs: their spelling, sentences, skeletons, workbooks, versions, signatures."""
