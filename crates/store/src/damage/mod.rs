//! What a damaged office keeps in memory instead of its file: what it would write, and what its lists read. It never
//! judges whether a file is damaged.

mod apart;
mod lists;

pub(crate) use apart::Apart;
pub(crate) use lists::Lists;
