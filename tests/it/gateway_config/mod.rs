//! Gateway configs: the simulator compared with the real gateway, the checks, the commands.

mod admin_key;
mod cases;
mod checking;
mod guide;
mod interrupted;
mod random;
pub(crate) mod saving;
mod simulating;
mod trouble;
mod using;
mod writing;
