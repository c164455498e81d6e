//! What a machine, a disk and a stranger do to an office.

mod crash;
mod disk;
mod machine;
