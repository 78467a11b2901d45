//! What the user sees when something could not be done, and the exit codes.
