//! The wizard's questions.
