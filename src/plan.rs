//! An intent and a view of the config become a list of changes.
