//! What every store must keep, on SQLite and on PostgreSQL, and what several hosts on one database must.

mod house;
mod log;
mod moving;
mod schema;
mod search;

#[cfg(target_os = "linux")]
mod away;
#[cfg(target_os = "linux")]
mod hosts;
#[cfg(target_os = "linux")]
mod rights;
#[cfg(target_os = "linux")]
mod server;
