//! Gateway configs: the simulator against what the real gateway did, the checks, the commands.

mod cases;
mod checking;
mod guide;
mod random;
mod simulating;
mod writing;
