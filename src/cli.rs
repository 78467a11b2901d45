//! Arguments; the only reader of the environment.
