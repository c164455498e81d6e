//! Several people at once: the host, its limits, PostgreSQL.

mod host;
mod limits;
mod postgres;
mod together;
mod worst;
