"""The first version of the files a newcomer needs: a system's mappings, a feed's contract."""
