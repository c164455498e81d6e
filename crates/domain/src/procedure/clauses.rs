//! How a rule is cited: by the clause of its document, where the line of the source stands.

use crate::procedure::Procedure;
use std::ops::RangeInclusive;

impl Procedure {
    /// The clauses of a source mark, each once: with `L13 = "4.3.1"` and `L14 = "4.3.2"`, `L13–L14` is
    /// `4.3.1、4.3.2`; empty where the document numbers nothing there. None where the mark is of another document, as
    /// in a shared block, or a decision of the product.
    pub fn clause(&self, source: &str) -> Option<String> {
        let own: Vec<u32> = lines(&self.head.source).collect();
        let mut here = lines(source).filter(|l| own.contains(l)).peekable();
        here.peek()?;
        let mut found: Vec<&str> = Vec::new();
        for line in here {
            let clause = self.clauses.get(&format!("L{line}"));
            found.extend(clause.map(String::as_str).filter(|c| !found.contains(c)));
        }
        Some(found.join("、"))
    }

    /// Whether a mark names neither this document nor a rule from elsewhere: the product's own.
    pub fn ours(&self, source: &str) -> bool {
        self.clause(source).is_none() && !source.starts_with('《')
    }
}

/// `L13、L75–L78` as its numbers.
fn lines(source: &str) -> impl Iterator<Item = u32> {
    let number = |l: &str| l.trim().strip_prefix('L').and_then(|n| n.parse().ok());
    let range = move |part: &str| -> Option<RangeInclusive<u32>> {
        let (first, last) = part.split_once('–').unwrap_or((part, part));
        Some(number(first)?..=number(last)?)
    };
    source.split('、').filter_map(range).flatten()
}
