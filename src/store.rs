//! Files: find, read, lock, back up, replace, undo.
