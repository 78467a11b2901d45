//! Changes at paths become text replacements in the neighbours' style.
