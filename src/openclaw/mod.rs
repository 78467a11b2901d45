//! What OpenClaw means by the file.
