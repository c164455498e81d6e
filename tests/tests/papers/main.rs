//! What is printed: forms, the whole file of a case, reports.

mod file;
mod forms;
mod reports;
