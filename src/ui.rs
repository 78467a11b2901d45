//! Both output streams.
