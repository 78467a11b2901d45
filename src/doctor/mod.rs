//! From symptom to cause to cure: what `doctor` knows of a machine.

pub mod facts;
