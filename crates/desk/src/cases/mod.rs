//! Cases: registering, acting, looking, lists, attachments, drafts.
//! Load, decide, append. It never draws a paper and never changes people or institution.

pub(crate) mod act;
pub(crate) mod attachments;
pub(crate) mod commands;
pub(crate) mod drafts;
pub(crate) mod lists;
pub(crate) mod merging;
pub(crate) mod presence;
pub(crate) mod view;
pub(crate) mod worklist;
